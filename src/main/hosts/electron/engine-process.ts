import type { ToEngine } from '../engine/engine.ts';
import { runEngine } from '../engine/run-engine.ts';
import { withoutForms } from '../engine/without-fetch.ts';

/** The app's engine: the first file of its utility process. */
const { parentPort } = process;
withoutForms();
const hear = runEngine({
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
  tell: (message) => parentPort.postMessage(message),
  showsProgress: true,
  printsPages: true,
  leave: () => process.exit(0),
});
parentPort.on('message', ({ data, ports }: { data: ToEngine; ports: readonly Electron.MessagePortMain[] }) =>
  hear(data, ports[0]),
);
