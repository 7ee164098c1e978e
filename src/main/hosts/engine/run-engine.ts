import type { AppService } from '../../app/app-service.ts';
import { olderStore, openBeside } from '../../app/opening/open-beside.ts';
import type { OpenedApp } from '../../app/opening/open-beside.ts';
import { setupDesk } from '../../app/setup/setup-desk.ts';
import type { SetupDesk } from '../../app/setup/setup-desk.ts';
import type { SetupState, UpgradeState } from '../../../shared/contract/setup.ts';
import { ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { pairsDir } from '../app-data.ts';
import { rememberWorkspace } from '../last-workspace.ts';
import { openLog } from '../../log/log.ts';
import { answering, answeringSetup, answeringState } from './answering.ts';
import type { AnswerablePort } from './answering.ts';
import { checkWhenQuiet, upgradeBeside } from './check-beside.ts';
import type { FromEngine, ToEngine } from './engine.ts';
import { quietOf } from './quiet.ts';

/** The host, as the engine sees it from its thread or process. */
export interface EngineParent {
  tell(message: FromEngine): void;
  /** True where the host shows how far a run is, such as in a taskbar. */
  readonly showsProgress?: boolean;
  /** True where the host can print a page that was written to a file. */
  readonly printsPages?: boolean;
  /** Ends this thread or process. */
  leave(): void;
}

const TELL_MS = 500;

/** Told when it changes, and no oftener than a taskbar can show it. */
function tellProgress(parent: EngineParent, service: () => AppService): void {
  let last: number | 'unknown' | null = null;
  setInterval(() => {
    const running = service().running();
    const done = running === null ? null : doneOf(running);
    if (done !== last) parent.tell({ is: 'progress', done });
    last = done;
  }, TELL_MS).unref();
}

const doneOf = ({ done, total }: { readonly done: number; readonly total: number | null }): number | 'unknown' =>
  total === null || total === 0 ? 'unknown' : Math.min(1, Math.round((done / total) * 100) / 100);

const endedEarly = (error: unknown): Problem => ({
  kind: 'broken',
  what: `The store could not be brought up to date: ${error instanceof Error ? error.message : String(error)}.`,
  notDone: 'The workspace was not opened, and nothing was synchronised.',
  todo: 'Start Tidsbro again. If it happens again, run “tidsbro doctor”.',
});

type DemoReady = Extract<ToEngine, { do: 'demo' }>['ready'];

/**
 * The engine's side of engine.ts: hears one message after the other. A workspace that cannot be opened is told to the host,
 * and to each window that is there already, until the host ends the engine; one that a window chose is told to that window,
 * which may choose again.
 */
export function runEngine(parent: EngineParent): (message: ToEngine, port?: AnswerablePort) => void {
  const log = openLog(process.env);
  const quiet = quietOf();
  let app: OpenedApp | null = null;
  let setup: SetupDesk | null = null;
  let upgrade: UpgradeState | null = null;
  let refusal: Problem | null = null;
  /** Of windows that came before there was anything to answer them. */
  let waiting: AnswerablePort[] = [];
  let opening = Promise.resolve();
  const leaving = new AbortController();
  let demo = Promise.withResolvers<DemoReady>();
  const openService = async (workspaceDir: string, person: string): Promise<Result<null, Problem>> => {
    const pageWritten = parent.printsPages === true ? (path: string) => parent.tell({ is: 'page', path }) : undefined;
    const options = { workspaceDir, env: process.env, person, pairsDir: pairsDir(process.env), pageWritten };
    const opened = await openBeside(options, checkWhenQuiet(quiet));
    if (!opened.ok) return opened;
    const { service, checked } = opened.value;
    app = opened.value;
    upgrade = null;
    parent.tell({ is: 'open', urls: service().urls });
    letIn();
    if (parent.showsProgress === true) tellProgress(parent, service);
    void tellTrouble(checked);
    return ok(null);
  };
  const tellTrouble = async (checked: OpenedApp['checked']): Promise<void> => {
    const sound = await checked;
    // Nobody is told of a check that was given up because the engine ends.
    if (!sound.ok && !leaving.signal.aborted) log.error({ problem: sound.failure }, 'The store can only be looked at.');
  };
  /** A window shows how far it is; when it came to nothing, it shows why for as long as it is open. */
  const upgraded = async (path: string): Promise<boolean> => {
    upgrade = { step: 'checking', read: 0, problem: null };
    parent.tell({ is: 'open', urls: [] });
    letIn();
    const hear = (news: Partial<UpgradeState>): void => {
      if (upgrade !== null) upgrade = { ...upgrade, ...news };
    };
    const problem = await upgradeBeside(path, hear, leaving.signal).catch(endedEarly);
    if (problem !== null) notUpgraded(problem);
    return problem === null;
  };
  const notUpgraded = (problem: Problem): void => {
    if (!leaving.signal.aborted) log.error({ problem }, 'The workspace was not opened.');
    if (upgrade !== null) upgrade = { ...upgrade, problem: { ...problem } };
  };
  const open = async (workspaceDir: string, person: string): Promise<void> => {
    const older = olderStore(workspaceDir);
    if (older !== null && !(await upgraded(older))) return;
    const opened = await openService(workspaceDir, person);
    if (opened.ok) return;
    // A window is open already, and tells it.
    if (upgrade !== null) return notUpgraded(opened.failure);
    refusal = opened.failure;
    parent.tell({ is: 'refused', problem: refusal });
    letIn();
  };
  const choose = (folder: string, person: string): void => {
    setup = setupDesk({
      env: process.env,
      folder,
      open: (dir) => openService(dir, person),
      startDemo: () => {
        demo = Promise.withResolvers<DemoReady>();
        parent.tell({ is: 'asksDemo' });
        return demo.promise;
      },
      remember: (dir) => rememberWorkspace(folder, dir),
    });
    parent.tell({ is: 'choosing' });
    letIn();
  };
  const stateNow = (): SetupState => ({
    choices: null,
    ...(upgrade === null ? {} : { upgrade }),
    ...(refusal === null ? {} : { refused: { ...refusal } }),
  });
  const asking = (service: OpenedApp['service']) => () => {
    quiet.asked();
    return service();
  };
  const connect = (port: AnswerablePort): void => {
    if (app !== null) answering(asking(app.service), log)(port);
    else if (upgrade !== null || refusal !== null) answeringState(stateNow, log)(port);
    else if (setup !== null) answeringSetup(setup, log)(port);
    else waiting.push(port);
  };
  const letIn = (): void => {
    const came = waiting;
    waiting = [];
    for (const port of came) connect(port);
  };
  const close = async (): Promise<void> => {
    leaving.abort();
    // What is opened halfway would be left behind.
    await opening;
    app?.service().stop();
    await app?.close();
    parent.leave();
  };
  return (message, port) => {
    switch (message.do) {
      case 'open':
        return void (opening = open(message.workspaceDir, message.person));
      case 'choose':
        return choose(message.folder, message.person);
      case 'demo':
        return demo.resolve(message.ready);
      case 'connect':
        return port === undefined ? undefined : connect(port);
      case 'close':
        return void close();
    }
  };
}
