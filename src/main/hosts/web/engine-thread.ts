import { Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { beginEngine } from '../engine/engine.ts';
import type { EngineStart, FromEngine, OpeningEngine } from '../engine/engine.ts';
import { ENGINE_THREAD_LIMITS } from '../engine/memory.ts';
import { entryOf } from '../entry.ts';

/** The engine of the web host, in a thread of its own, which lives until it is closed. */
export function startEngineThread(start: EngineStart, person: string): OpeningEngine<MessagePort> {
  const worker = new Worker(entryOf('engine/thread.ts', 'engine-thread.js'), { resourceLimits: ENGINE_THREAD_LIMITS });
  return beginEngine(
    {
      send: (message, port) => worker.postMessage({ message, port }, port === undefined ? [] : [port]),
      onMessage: (hear) => void worker.on('message', (message: FromEngine) => hear(message)),
      onEnd: (hear) => void worker.once('exit', () => hear()),
    },
    start,
    person,
  );
}
