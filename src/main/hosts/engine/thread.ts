import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { ToEngine } from './engine.ts';
import { runEngine } from './run-engine.ts';
import { answerablePort, withoutForms } from './without-fetch.ts';

/** The web host's engine: the first file of its thread. */
if (parentPort === null) throw new Error('This file is the engine’s thread; the host starts it.');
const host = parentPort;
withoutForms();
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
const hear = runEngine({ tell: (message) => host.postMessage(message), leave: () => host.close() });
host.on('message', ({ message, port }: { message: ToEngine; port?: MessagePort }) =>
  hear(message, port === undefined ? undefined : answerablePort(port)),
);
