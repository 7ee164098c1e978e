import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openApp } from '../../src/main/app/open-app.ts';
import type { AppService } from '../../src/main/app/app-service.ts';
import type { RunOptions } from '../../src/main/app/requests.ts';
import { unwrap } from '../../src/main/hosts/problem-error.ts';
import { startWatch, taskText, tell } from '../child.ts';
import { startProfile } from './profile.ts';
import { countStatements } from './statements.ts';

/** One run of the product on a workspace, timed from the start of the run to its end. */
export interface RunTask {
  readonly dir: string;
  readonly run: RunOptions;
  /** Approve all that waits before the run; not timed. */
  readonly approveAll?: boolean;
  readonly count?: boolean;
  readonly profile?: string;
}

const task = JSON.parse(taskText()) as RunTask;
let app: AppService | null = null;
const counts = task.count === true ? countStatements(() => app?.running()?.stage ?? 'outside') : null;
app = unwrap(await openApp({ workspaceDir: task.dir, env: {}, person: 'bench' }));
if (task.approveAll === true) {
  const { total } = await app.changes({}, { offset: 0, limit: 1 });
  unwrap(await app.decideAllChanges({}, 'approve', total));
}
const stopProfile = task.profile === undefined ? null : await startProfile(task.profile);
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
// As in the floor: what sends requests is loaded once a process, and a window that is open has long done so.
await import('axios');
const watch = startWatch();
const ended = await unwrap(await app.startRun(task.run)).ended;
const passed = watch();
delay.disable();
await stopProfile?.();
await app.close();
if (ended.state !== 'done') throw new Error(`The run ended ${ended.state}: ${JSON.stringify(ended.problems)}`);
tell({
  ...passed,
  requests: ended.requests.customerp + ended.requests.tidsbanken,
  detail: {
    flows: ended.flows,
    problems: ended.problems.slice(0, 3),
    delayMs: { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 },
    ...(counts === null ? {} : { statements: counts() }),
  },
});
