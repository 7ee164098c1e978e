import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';

/** What a host says to its engine. A port, where one comes along, is handed over beside the message. */
export type ToEngine =
  | { readonly do: 'open'; readonly workspaceDir: string; readonly person: string }
  | { readonly do: 'connect' }
  | { readonly do: 'close' };

/** What the engine says to its host. Everything else travels on the ports, by the contract. */
export type FromEngine =
  | { readonly is: 'open'; readonly urls: readonly string[] }
  | { readonly is: 'refused'; readonly problem: Problem };

/** The thread or process that an engine lives in, as its host sees it. */
export interface EngineHome<Port> {
  send(message: ToEngine, port?: Port): void;
  onMessage(hear: (message: FromEngine) => void): void;
  onEnd(hear: () => void): void;
}

/**
 * Service, engine and store outside the process that serves the window, so that no plan of 100,000 records and no long
 * statement can freeze it.
 */
export interface Engine<Port> {
  /** The addresses of both systems: the only places that a link in the window may open. */
  readonly urls: readonly string[];
  /** The engine answers the contract on this port until the other end is closed. */
  readonly connect: (port: Port) => void;
  /** Finishes the record under way, closes the store and ends. */
  close(): Promise<void>;
  /** Resolves when the engine is gone, whether it was asked to or not. */
  readonly ended: Promise<void>;
}

/** Opens a workspace in the home; the problem of a workspace that cannot be opened, or of an engine that ended before. */
export async function openEngine<Port>(
  home: EngineHome<Port>,
  workspaceDir: string,
  person: string,
): Promise<Result<Engine<Port>, Problem>> {
  const ended = new Promise<void>((resolve) => home.onEnd(resolve));
  const answer = new Promise<FromEngine>((resolve) => home.onMessage(resolve));
  home.send({ do: 'open', workspaceDir, person });
  const first = await Promise.race([answer, ended.then(() => null)]);
  if (first === null) return fail(ENDED_EARLY);
  if (first.is === 'refused') {
    await ended;
    return fail(first.problem);
  }
  return ok({
    urls: first.urls,
    connect: (port) => home.send({ do: 'connect' }, port),
    close: () => {
      home.send({ do: 'close' });
      return ended;
    },
    ended,
  });
}

const ENDED_EARLY: Problem = {
  kind: 'broken',
  what: 'The sync engine ended before it had opened the workspace.',
  notDone: 'Nothing was synchronised.',
  todo: 'Start again. If it happens again, look at what was printed, and run “tidsbro doctor”.',
};
