import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';

/** What a host says to its engine. A port, where one comes along, is handed over beside the message. */
export type ToEngine =
  | { readonly do: 'open'; readonly workspaceDir: string; readonly person: string }
  /** Nothing is open yet: a window says what is to be opened (the first start). */
  | { readonly do: 'choose'; readonly folder: string; readonly person: string }
  /** The answer to `asksDemo`. */
  | { readonly do: 'demo'; readonly ready: Result<{ readonly dir: string }, Problem> }
  | { readonly do: 'connect' }
  | { readonly do: 'close' };

/** What the engine says to its host. Everything else travels on the ports, by the contract. */
export type FromEngine =
  | { readonly is: 'open'; readonly urls: readonly string[] }
  | { readonly is: 'choosing' }
  /** How far a run is, 0 to 1; null: none is under way, `unknown`: nobody can tell how much there is. */
  | { readonly is: 'progress'; readonly done: number | 'unknown' | null }
  /** A person chose the demo: only the host can start the simulated systems. */
  | { readonly is: 'asksDemo' }
  /** A page to read was written to this file: a host that can print puts a PDF beside it. */
  | { readonly is: 'page'; readonly path: string }
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
  /** The addresses of both systems, once they are known: the only places that a link in the window may open. */
  readonly urls: readonly string[];
  /** The engine answers the contract on this port until the other end is closed. */
  readonly connect: (port: Port) => void;
  /** Finishes the record under way, closes the store and ends. */
  close(): Promise<void>;
  /** Resolves when the engine is gone, whether it was asked to or not. */
  readonly ended: Promise<void>;
}

/** An engine that opens its workspace still: a window may be connected already, and is answered once it is open. */
export interface OpeningEngine<Port> extends Engine<Port> {
  /**
   * Resolves when windows are answered. Problem: the workspace was refused, which is all that the engine still tells a
   * window; it is the caller's to close. Or the engine has ended before.
   */
  readonly opened: Promise<Result<null, Problem>>;
}

/** What an engine is started with: a workspace, or the choice of one. */
export type EngineStart =
  | { readonly workspaceDir: string }
  | {
      /** Where a new workspace is put unless another folder is named. */
      readonly folder: string;
      /** Starts the simulated systems, with a workspace on them. */
      readonly startDemo: () => Promise<Result<{ readonly dir: string }, Problem>>;
    };

/** What a host hears of a running engine, as far as it has a use for it. */
export interface Hearing {
  readonly progress?: (done: number | 'unknown' | null) => void;
  readonly page?: (path: string) => void;
}

/** Opens a workspace in the home, or lets a window choose one; the problem of a workspace that cannot be opened, or of an engine that ended before. */
export async function openEngine<Port>(
  home: EngineHome<Port>,
  start: EngineStart,
  person: string,
  hearing: Hearing = {},
): Promise<Result<Engine<Port>, Problem>> {
  const engine = beginEngine(home, start, person, hearing);
  const opened = await engine.opened;
  if (opened.ok) return ok(engine);
  await engine.close();
  return opened;
}

/** The same for a host that lets windows in meanwhile. */
export function beginEngine<Port>(
  home: EngineHome<Port>,
  start: EngineStart,
  person: string,
  { progress = () => undefined, page = () => undefined }: Hearing = {},
): OpeningEngine<Port> {
  const ended = new Promise<void>((resolve) => home.onEnd(resolve));
  let urls: readonly string[] = [];
  const answer = new Promise<FromEngine>((resolve) =>
    home.onMessage((message) => {
      if (message.is === 'open') urls = message.urls;
      if (message.is === 'progress') return progress(message.done);
      if (message.is === 'page') return page(message.path);
      if (message.is === 'asksDemo') void answerDemo(home, start);
      else resolve(message);
    }),
  );
  home.send(
    'folder' in start
      ? { do: 'choose', folder: start.folder, person }
      : { do: 'open', workspaceDir: start.workspaceDir, person },
  );
  return {
    opened: Promise.race([answer, ended]).then(openingOf),
    get urls() {
      return urls;
    },
    connect: (port) => home.send({ do: 'connect' }, port),
    close: () => {
      home.send({ do: 'close' });
      return ended;
    },
    ended,
  };
}

/** @param first what the engine said first; nothing: it ended */
function openingOf(first: FromEngine | void): Result<null, Problem> {
  if (first === undefined) return fail(ENDED_EARLY);
  return first.is === 'refused' ? fail(first.problem) : ok(null);
}

async function answerDemo<Port>(home: EngineHome<Port>, start: EngineStart): Promise<void> {
  if ('startDemo' in start) home.send({ do: 'demo', ready: await start.startDemo() });
}

const ENDED_EARLY: Problem = {
  kind: 'broken',
  what: 'The sync engine ended before it had opened the workspace.',
  notDone: 'Nothing was synchronised.',
  todo: 'Start again. If it happens again, look at what was printed, and run “tidsbro doctor”.',
};
