import type { MessagePortMain } from 'electron';
import { utilityProcess } from 'electron';
import type { Problem, Result } from '../../../shared/domain.ts';
import { openEngine } from '../engine/engine.ts';
import type { Engine, EngineStart, FromEngine, Hearing } from '../engine/engine.ts';
import { ELECTRON_FLAGS } from '../engine/memory.ts';
import { entryOf } from '../entry.ts';

/** The engine of the app, in a utility process that ends with it. Problem: the workspace cannot be opened. */
export async function forkEngine(
  start: EngineStart,
  person: string,
  hearing: Hearing,
): Promise<Result<Engine<MessagePortMain>, Problem>> {
  const child = utilityProcess.fork(entryOf('electron/engine-process.ts', 'engine-process.js'), [], {
    stdio: 'inherit',
    serviceName: 'Tidsbro engine',
    execArgv: [...ELECTRON_FLAGS],
  });
  return openEngine(
    {
      send: (message, port) => child.postMessage(message, port === undefined ? [] : [port]),
      onMessage: (hear) => void child.on('message', (message: FromEngine) => hear(message)),
      onEnd: (hear) => void child.once('exit', () => hear()),
    },
    start,
    person,
    hearing,
  );
}
