import { contextBridge, ipcRenderer } from 'electron';

/** The thin bridge: asks for one port and hands it to the page. Nothing of Electron is exposed beside it. */

contextBridge.exposeInMainWorld('tidsbroHost', 'electron');

ipcRenderer.on('port', (event) => {
  const [port] = event.ports;
  if (port !== undefined) window.postMessage({ type: 'tidsbro:port' }, location.origin, [port]);
});

// Asked for only when the page listens: a message to a page that is still loading would be lost, and the port with it.
window.addEventListener('load', () => ipcRenderer.send('connect'));
