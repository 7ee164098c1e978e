import './node-version.ts';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { appDataDir, personOf } from '../src/main/hosts/app-data.ts';
import { interrupted } from '../src/main/hosts/cli/interrupt.ts';
import { unwrap } from '../src/main/hosts/problem-error.ts';
import type { SandboxUrls } from '../src/main/hosts/sandbox-process.ts';
import { serve } from '../src/main/hosts/web/serve.ts';
import { startWebEngine } from '../src/main/hosts/web/start-web-engine.ts';
import { openLog } from '../src/main/log/log.ts';
import { browserFlags, findBrowser } from './browsers.ts';
import { build, needsBuild } from './build.ts';
import { findElectron, installElectron } from './electron.ts';

/**
 * npm start: the Electron app where its executable is here or can be fetched; otherwise the same window from the web
 * host, in an app window of an installed browser or as a printed link. Says which, and why.
 */

const root = resolve(import.meta.dirname, '..');
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: { workspace: { type: 'string' }, 'no-window': { type: 'boolean', default: false } },
});

function sayDemo({ customerp, tidsbanken }: SandboxUrls): void {
  say('Demo: two simulated systems are running. Their own pages, to edit records and watch them travel:');
  say(`  Customerp   ${customerp}/`);
  say(`  Tidsbanken  ${tidsbanken}/`);
}

const exited = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });

async function startElectron(executable: string): Promise<void> {
  say('Opening the Electron window.');
  const workspace = values.workspace === undefined ? [] : ['--workspace', resolve(values.workspace)];
  const child = spawn(executable, ['.', ...workspace], { cwd: root, stdio: 'inherit' });
  await Promise.race([exited(child), interrupted()]);
  child.kill();
}

async function startWebHost(why: string): Promise<void> {
  const named = values.workspace === undefined ? undefined : resolve(values.workspace);
  const started = unwrap(await startWebEngine(appDataDir(process.env), named, personOf(process.env)));
  const opened = await started.engine.opened;
  if (!opened.ok) await started.close();
  unwrap(opened);
  if (started.demo !== null) sayDemo(started.demo);
  const log = openLog(process.env);
  const host = await serve({
    connect: started.engine.connect,
    rendererDir: join(root, 'out', 'renderer'),
    port: 0,
    log,
  });
  say(why);
  await showWindow(host.link);
  await host.close();
  await started.close();
}

/** Returns when the app window is closed, or the person presses Ctrl-C. */
async function showWindow(link: string): Promise<void> {
  const browser = values['no-window'] ? null : findBrowser(process.env);
  if (browser === null) {
    const reason = values['no-window'] ? 'As asked, no window is opened.' : 'No Chromium, Chrome or Edge was found.';
    say(`${reason} Open this link in a browser on this computer; it works once. Stop with Ctrl-C.\n${link}`);
    return interrupted();
  }
  say(`Opening an app window of ${browser.path}. Close it, or press Ctrl-C, to stop.`);
  // A profile of its own: the person's tabs, add-ons and passwords stay out of it.
  const profile = await mkdtemp(join(tmpdir(), 'tidsbro-window-'));
  const flags = [...browserFlags(), `--user-data-dir=${profile}`, `--app=${link}`];
  const child = spawn(browser.path, flags, { stdio: 'ignore' });
  const startedAt = performance.now();
  const closed = exited(child).then(() => 'closed' as const);
  const how = await Promise.race([closed, interrupted().then(() => 'stopped' as const)]);
  child.kill();
  await closed;
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  if (how === 'closed' && performance.now() - startedAt < DIED_AT_ONCE_MS) {
    say(
      `The browser ended at once; is there a display? Open this link instead; it works once. Stop with Ctrl-C.\n${link}`,
    );
    await interrupted();
  }
}

const DIED_AT_ONCE_MS = 3_000;

if (needsBuild(root)) {
  say('Building the window …');
  if (!build(root)) process.exit(1);
}
// With --no-window nothing of Electron is needed, and nothing is fetched.
const electron =
  values['no-window'] || findElectron(root) !== null || installElectron(root) ? findElectron(root) : null;
if (electron !== null && !values['no-window']) await startElectron(electron);
else
  await startWebHost(
    values['no-window']
      ? 'The web host serves the window.'
      : 'Electron is not installed and could not be fetched, so the web host serves the same window.',
  );
process.exit(0);
