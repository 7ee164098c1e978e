import { openApp } from '../../app/open-app.ts';
import type { AppService } from '../../app/app-service.ts';
import { pairsDir } from '../app-data.ts';
import { openLog } from '../../log/log.ts';
import { answering } from './answering.ts';
import type { AnswerablePort } from './answering.ts';
import type { FromEngine, ToEngine } from './engine.ts';

/** The host, as the engine sees it from its thread or process. */
export interface EngineParent {
  tell(message: FromEngine): void;
  /** Ends this thread or process. */
  leave(): void;
}

/**
 * The engine's side of engine.ts: hears one message after the other. A workspace that cannot be opened is told, and
 * ends the engine.
 */
export function runEngine(parent: EngineParent): (message: ToEngine, port?: AnswerablePort) => void {
  const log = openLog(process.env);
  let service: AppService | null = null;
  const open = async (workspaceDir: string, person: string): Promise<void> => {
    const opened = await openApp({ workspaceDir, env: process.env, person, pairsDir: pairsDir(process.env) });
    if (!opened.ok) {
      parent.tell({ is: 'refused', problem: opened.failure });
      parent.leave();
      return;
    }
    service = opened.value;
    const { systems } = await service.overview();
    parent.tell({ is: 'open', urls: systems.map(({ url }) => url) });
  };
  const close = async (): Promise<void> => {
    service?.stop();
    await service?.close();
    parent.leave();
  };
  return (message, port) => {
    switch (message.do) {
      case 'open':
        return void open(message.workspaceDir, message.person);
      case 'connect':
        if (service !== null && port !== undefined) answering(service, log)(port);
        return;
      case 'close':
        return void close();
    }
  };
}
