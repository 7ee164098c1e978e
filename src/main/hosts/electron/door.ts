import { onError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { ipcMain, MessageChannelMain } from 'electron';
import type { BrowserWindow } from 'electron';
import type { AppService } from '../../app/app-service.ts';
import { router } from '../../app/router.ts';
import type { Log } from '../../log/log.ts';
import { logFailures } from '../log-failures.ts';
import { isOurPage } from './addresses.ts';

/**
 * The one door between page and service, and the only `ipcMain.on` of the app. Who knocks is checked once, when the
 * port is handed over: our window's main frame, showing our page. Each call is then checked by its schema.
 */
export function openDoor(window: BrowserWindow, service: AppService, log: Log): void {
  const handler = new RPCHandler(router, { interceptors: [onError(logFailures(log))] });
  ipcMain.on('connect', ({ senderFrame, sender }) => {
    const ours = sender === window.webContents && senderFrame === window.webContents.mainFrame;
    if (!ours || !isOurPage(senderFrame.url))
      return log.warn({ url: senderFrame?.url }, 'A stranger asked for a port.');
    const { port1, port2 } = new MessageChannelMain();
    handler.upgrade(port1, { context: { service } });
    port1.start();
    return window.webContents.postMessage('port', null, [port2]);
  });
}
