import { openApp } from '../../src/main/app/open-app.ts';
import { unwrap } from '../../src/main/hosts/problem-error.ts';
import { startWatch, taskText, tell } from '../child.ts';
import { median, SCREEN_TURNS } from '../measure.ts';

/** What a person waits for, without the window itself: the service's answer. */
export interface ScreenTask {
  readonly dir: string;
  readonly see: 'open' | 'search' | 'review';
  /** What is searched for. */
  readonly find: string;
}

const FIRST = { offset: 0, limit: 50 };

const task = JSON.parse(taskText()) as ScreenTask;
const watch = startWatch();
const app = unwrap(await openApp({ workspaceDir: task.dir, env: {}, person: 'bench' }));
await app.overview();
const opened = watch();
const times: number[] = [];
for (let turn = 0; task.see !== 'open' && turn < SCREEN_TURNS; turn++) {
  const askedAt = performance.now();
  if ((await ask(task.see)) === 0) throw new Error(`Nothing was found for ${task.see}.`);
  times.push(performance.now() - askedAt);
}
await app.close();
tell({ ...opened, ...(task.see === 'open' ? {} : { ms: median(times) }), requests: 0, detail: {} });

async function ask(see: 'search' | 'review'): Promise<number> {
  if (see === 'search') return (await app.records({ find: task.find }, FIRST)).rows.length;
  const [changes] = await Promise.all([app.changes({}, FIRST), app.mismatchCounts()]);
  return changes.rows.length;
}
