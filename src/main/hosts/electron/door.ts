import { ipcMain, MessageChannelMain } from 'electron';
import type { BrowserWindow, MessagePortMain } from 'electron';
import type { Log } from '../../log/log.ts';
import { isOurPage } from './addresses.ts';

/**
 * The one door between page and engine, and the only `ipcMain.on` of the app. Who knocks is checked once, when the
 * port is handed over: our window's main frame, showing our page. The other end goes to the engine, so that no call
 * passes through this process.
 */
export function openDoor(window: BrowserWindow, connect: (port: MessagePortMain) => void, log: Log): void {
  ipcMain.on('connect', ({ senderFrame, sender }) => {
    const ours = sender === window.webContents && senderFrame === window.webContents.mainFrame;
    if (!ours || !isOurPage(senderFrame.url))
      return log.warn({ url: senderFrame?.url }, 'A stranger asked for a port.');
    const { port1, port2 } = new MessageChannelMain();
    connect(port1);
    return window.webContents.postMessage('port', null, [port2]);
  });
}
