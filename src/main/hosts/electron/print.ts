import { BrowserWindow } from 'electron';
import { rename, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Log } from '../../log/log.ts';

/**
 * Prints a page that the engine wrote to a PDF beside it, in a window that nobody sees: without scripts, without a bridge,
 * and unable to go anywhere else. A page that cannot be printed is logged; the page itself stays.
 */
export async function printPage(path: string, log: Log): Promise<void> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
  });
  const { href } = pathToFileURL(path);
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => {
    if (event.url !== href) event.preventDefault();
  });
  try {
    await window.loadURL(href);
    const pdf = await window.webContents.printToPDF({ printBackground: true, preferCSSPageSize: true });
    const target = path.replace(/\.html$/, '.pdf');
    await writeFile(`${target}.part`, pdf, { mode: 0o600 });
    await rename(`${target}.part`, target);
  } catch (error) {
    log.error({ path, why: error instanceof Error ? error.message : String(error) }, 'The page could not be printed.');
  } finally {
    window.destroy();
  }
}
