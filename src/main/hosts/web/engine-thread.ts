import { Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Problem, Result } from '../../../shared/domain.ts';
import { openEngine } from '../engine/engine.ts';
import type { Engine, EngineStart, FromEngine } from '../engine/engine.ts';
import { ENGINE_THREAD_LIMITS } from '../engine/memory.ts';
import { entryOf } from '../entry.ts';

/** The engine of the web host, in a thread of its own. Problem: the workspace cannot be opened. */
export async function startEngineThread(
  start: EngineStart,
  person: string,
): Promise<Result<Engine<MessagePort>, Problem>> {
  const worker = new Worker(entryOf('engine/thread.ts', 'engine-thread.js'), { resourceLimits: ENGINE_THREAD_LIMITS });
  return openEngine(
    {
      send: (message, port) => worker.postMessage({ message, port }, port === undefined ? [] : [port]),
      onMessage: (hear) => void worker.on('message', (message: FromEngine) => hear(message)),
      onEnd: (hear) => void worker.once('exit', () => hear()),
    },
    start,
    person,
  );
}
