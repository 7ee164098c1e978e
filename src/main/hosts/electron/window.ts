import { BrowserWindow, session, shell } from 'electron';
import { join } from 'node:path';
import { APP_URL, isOurPage } from './addresses.ts';

/**
 * The one window: sandboxed, isolated, without Node. It shows our page only; a link to one of the two systems opens in
 * the person's browser, and every other navigation, window or permission is refused.
 * @param mayOpen whether an address is one of the two systems
 */
export function makeWindow(mayOpen: (url: string) => boolean): BrowserWindow {
  // Our page tells by a notification that something waits for a person; it needs nothing else of the platform.
  session.defaultSession.setPermissionRequestHandler(({ mainFrame }, permission, decide) =>
    decide(permission === 'notifications' && isOurPage(mainFrame.url)),
  );
  session.defaultSession.setPermissionCheckHandler(
    (contents, permission) => permission === 'notifications' && contents !== null && isOurPage(contents.mainFrame.url),
  );
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'Tidsbro',
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  });
  window.webContents.setWindowOpenHandler(({ url }) => {
    if (mayOpen(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
  window.webContents.on('will-navigate', (event) => {
    if (!isOurPage(event.url)) event.preventDefault();
  });
  window.once('ready-to-show', () => window.show());
  return window;
}

export const showPage = (window: BrowserWindow): Promise<void> => window.loadURL(APP_URL);
