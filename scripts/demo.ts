import './node-version.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../src/main/app/open-app.ts';
import type { AppService } from '../src/main/app/app-service.ts';
import { runText } from '../src/main/hosts/cli/runs.ts';
import { table } from '../src/main/hosts/cli/table.ts';
import { DEMO_SANDBOX, pointAtSandbox } from '../src/main/hosts/demo.ts';
import { unwrap } from '../src/main/hosts/problem-error.ts';
import { startSandbox } from '../src/main/hosts/sandbox-process.ts';

/** npm run demo: both simulated systems, one sync that approves everything, and a second one that finds nothing to do. */

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function syncAll(service: AppService): Promise<void> {
  const { ended } = unwrap(await service.startRun({ do: 'sync', approve: 'all', full: true }));
  say(runText(await ended));
}

async function tell(service: AppService): Promise<void> {
  const events = Object.entries(await service.journalSummary()).toSorted(([, a], [, b]) => b - a);
  say(
    table(
      [
        { head: 'In the journal', cell: ([event]) => event },
        { head: 'Times', cell: ([, times]) => times },
      ],
      events,
    ),
  );
  const { total } = await service.mismatches({}, { offset: 0, limit: 1 });
  say(`\n${String(total)} mismatches wait for a person. “npm start” opens the window on a demo like this one.`);
}

const folder = await mkdtemp(join(tmpdir(), 'tidsbro-demo-'));
const sandbox = unwrap(await startSandbox(DEMO_SANDBOX));
try {
  unwrap(await pointAtSandbox(folder, sandbox.urls));
  const service = unwrap(await openApp({ workspaceDir: folder, env: process.env, person: 'demo' }));
  say('First sync: links what belongs together, creates what is missing, carries over what differs.\n');
  await syncAll(service);
  say('\nSecond sync: everything is as it was left, so nothing is written.\n');
  await syncAll(service);
  say('');
  await tell(service);
  await service.close();
} finally {
  sandbox.stop();
  await sandbox.ended;
  await rm(folder, { recursive: true, force: true });
}
