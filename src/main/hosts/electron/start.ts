import { app, dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { AppService } from '../../app/app-service.ts';
import { openApp } from '../../app/open-app.ts';
import { openLog } from '../../log/log.ts';
import type { Log } from '../../log/log.ts';
import { appDataDir, personOf } from '../app-data.ts';
import { DEMO_SANDBOX, readyWorkspace } from '../demo.ts';
import { unwrap } from '../problem-error.ts';
import { opensSystems } from './addresses.ts';
import { openDoor } from './door.ts';
import { forkSandbox } from './sandbox.ts';
import { serveScheme } from './scheme.ts';
import { makeWindow, showPage } from './window.ts';

/** From the app's start to its end; a problem on the way is told in a dialog, since there is no window yet. */
export async function startElectron(): Promise<void> {
  try {
    await app.whenReady();
    const log = openLog(process.env);
    const service = await openService();
    await serveScheme(join(import.meta.dirname, '../renderer'));
    await openWindow(service, log);
    closeWithApp(service);
  } catch (error) {
    dialog.showErrorBox('Tidsbro cannot start', error instanceof Error ? error.message : String(error));
    app.exit(1);
  }
}

async function openService(): Promise<AppService> {
  const { env } = process;
  const { dir } = unwrap(await readyWorkspace(appDataDir(env), workspaceArgument(), () => forkSandbox(DEMO_SANDBOX)));
  return unwrap(await openApp({ workspaceDir: dir, env, person: personOf(env) }));
}

/** Chromium's own switches stand among ours, so what is unknown is passed over. */
function workspaceArgument(): string | undefined {
  const { values } = parseArgs({ args: process.argv, options: { workspace: { type: 'string' } }, strict: false });
  return typeof values.workspace === 'string' ? resolve(values.workspace) : undefined;
}

async function openWindow(service: AppService, log: Log): Promise<void> {
  const { systems } = await service.overview();
  const window = makeWindow(opensSystems(systems.map(({ url }) => url)));
  openDoor(window, service, log);
  app.on('second-instance', () => bringToFront(window));
  await showPage(window);
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** A run under way finishes what it has begun before the process ends. */
function closeWithApp(service: AppService): void {
  let closed = false;
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    service.stop();
    void service.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}
