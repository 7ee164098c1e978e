import type { ToEngine } from '../engine/engine.ts';
import { runEngine } from '../engine/run-engine.ts';

/** The app's engine: the first file of its utility process. */
const { parentPort } = process;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
const hear = runEngine({ tell: (message) => parentPort.postMessage(message), leave: () => process.exit(0) });
parentPort.on('message', ({ data, ports }: { data: ToEngine; ports: readonly Electron.MessagePortMain[] }) =>
  hear(data, ports[0]),
);
