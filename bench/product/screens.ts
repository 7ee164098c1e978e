import { openApp } from '../../src/main/app/open-app.ts';
import { unwrap } from '../../src/main/hosts/problem-error.ts';
import { taskText, tell } from '../child.ts';

/** What a person waits for, without the window itself: the service's answer. */
export interface ScreenTask {
  readonly dir: string;
  readonly see: 'open' | 'search' | 'review';
  /** What is searched for. */
  readonly find: string;
}

const FIRST = { offset: 0, limit: 50 };

const task = JSON.parse(taskText()) as ScreenTask;
const openedAt = performance.now();
const app = unwrap(await openApp({ workspaceDir: task.dir, env: {}, person: 'bench' }));
await app.overview();
const askedAt = performance.now();
const shown = task.see === 'open' ? null : await ask(task.see);
const doneAt = performance.now();
await app.close();
tell({ ms: task.see === 'open' ? askedAt - openedAt : doneAt - askedAt, requests: 0, detail: { shown } });

async function ask(see: 'search' | 'review'): Promise<number> {
  if (see === 'search') return (await app.records({ find: task.find }, FIRST)).rows.length;
  const [changes] = await Promise.all([app.changes({}, FIRST), app.mismatchCounts()]);
  return changes.rows.length;
}
