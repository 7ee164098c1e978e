import { app, BrowserWindow, dialog } from 'electron';
import type { MessagePortMain } from 'electron';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openLog } from '../../log/log.ts';
import type { Log } from '../../log/log.ts';
import { appDataDir, personOf } from '../app-data.ts';
import { DEMO_SANDBOX, readyWorkspace } from '../demo.ts';
import type { Engine, Hearing } from '../engine/engine.ts';
import { lastWorkspace } from '../last-workspace.ts';
import { unwrap } from '../problem-error.ts';
import { opensSystems } from './addresses.ts';
import { openDoor } from './door.ts';
import { forkEngine } from './engine.ts';
import { printPage } from './print.ts';
import { forkSandbox } from './sandbox.ts';
import { serveScheme } from './scheme.ts';
import { makeWindow, showPage } from './window.ts';

/** From the app's start to its end; a problem on the way is told in a dialog, since there is no window yet. */
export async function startElectron(): Promise<void> {
  try {
    await app.whenReady();
    const log = openLog(process.env);
    const engine = await startEngine({ progress: showProgress, page: (path) => void printPage(path, log) });
    await serveScheme(join(import.meta.dirname, '../renderer'));
    await openWindow(engine, log);
    closeWithApp(engine);
  } catch (error) {
    dialog.showErrorBox('Tidsbro cannot start', error instanceof Error ? error.message : String(error));
    app.exit(1);
  }
}

const startDemoSystems = () => forkSandbox(DEMO_SANDBOX);

async function startEngine(hearing: Hearing): Promise<Engine<MessagePortMain>> {
  const { env } = process;
  const appData = appDataDir(env);
  const dir = workspaceArgument() ?? (await lastWorkspace(appData));
  if (dir === null) {
    const startDemo = () => readyWorkspace(appData, undefined, startDemoSystems);
    return unwrap(await forkEngine({ folder: appData, startDemo }, personOf(env), hearing));
  }
  const ready = unwrap(await readyWorkspace(appData, dir, startDemoSystems));
  return unwrap(await forkEngine({ workspaceDir: ready.dir }, personOf(env), hearing));
}

/** Chromium's own switches stand among ours, so what is unknown is passed over. */
function workspaceArgument(): string | undefined {
  const { values } = parseArgs({ args: process.argv, options: { workspace: { type: 'string' } }, strict: false });
  return typeof values.workspace === 'string' ? resolve(values.workspace) : undefined;
}

async function openWindow(engine: Engine<MessagePortMain>, log: Log): Promise<void> {
  // Asked each time: which systems they are may be chosen in the window itself.
  const window = makeWindow((url) => opensSystems(engine.urls)(url));
  openDoor(window, engine.connect, log);
  app.on('second-instance', () => bringToFront(window));
  await showPage(window);
}

/** In the taskbar or dock, as far as the platform has one: -1 takes it away, above 1 means that nobody knows how far. */
function showProgress(done: number | 'unknown' | null): void {
  for (const window of BrowserWindow.getAllWindows())
    window.setProgressBar(done === null ? -1 : done === 'unknown' ? 2 : done);
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** A run under way finishes what it has begun before the process ends. A window without its engine is of no use. */
function closeWithApp(engine: Engine<MessagePortMain>): void {
  let closing = false;
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    void engine.close().finally(() => app.quit());
  });
  void quitWithEngine(engine, () => closing);
}

async function quitWithEngine(engine: Engine<MessagePortMain>, isClosing: () => boolean): Promise<void> {
  await engine.ended;
  if (isClosing()) return;
  dialog.showErrorBox('Tidsbro has to stop', 'The sync engine ended unexpectedly. Start Tidsbro again.');
  app.exit(1);
}
