import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { AnswerablePort } from './answering.ts';
import type { ToEngine } from './engine.ts';
import { runEngine } from './run-engine.ts';

/** The web host's engine: the first file of its thread. */
if (parentPort === null) throw new Error('This file is the engine’s thread; the host starts it.');
const host = parentPort;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
const hear = runEngine({ tell: (message) => host.postMessage(message), leave: () => host.close() });
host.on('message', ({ message, port }: { message: ToEngine; port?: MessagePort }) =>
  hear(message, port === undefined ? undefined : answerable(port)),
);

/** Heard as Node tells it: for an event as browsers know it, Node would first load all of its own fetch. */
function answerable(port: MessagePort): AnswerablePort {
  return {
    on: (event, heard) => void port.on(event, (data: unknown) => heard({ data })),
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
    postMessage: (data: unknown) => port.postMessage(data),
    start: () => port.start(),
  };
}
