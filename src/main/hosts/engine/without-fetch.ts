import type { MessagePort } from 'node:worker_threads';
import type { AnswerablePort } from './answering.ts';

/**
 * Keeps Node from loading all of its own fetch for the first answer to a window: 27 ms of processor time that the window
 * would wait for, and 17 MB. The library of the wire asks of each message whether it is a form, for which Node would load
 * it; no message of ours ever is one, and what stands here says so.
 */
export function withoutForms(): void {
  // Only a plain assignment does not load what it replaces.
  Reflect.set(globalThis, 'FormData', function NoForm() {
    throw new Error('Nothing in an engine makes forms.');
  });
}

/** A port that is heard as Node tells it: for an event as browsers know it, Node would load its own fetch as well. */
export function answerablePort(port: MessagePort): AnswerablePort {
  return {
    on: (event, heard) => void port.on(event, (data: unknown) => heard({ data })),
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window: a port has no origin
    postMessage: (data: unknown) => port.postMessage(data),
    start: () => port.start(),
  };
}
