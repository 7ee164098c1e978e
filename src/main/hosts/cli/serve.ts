import { Option } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { appDataDir, personOf } from '../app-data.ts';
import { ProblemError, unwrap } from '../problem-error.ts';
import { startEngineThread } from '../web/engine-thread.ts';
import type { serve as Serve, ServeOptions, WebHost } from '../web/serve.ts';
import type { WebEngine } from '../web/start-web-engine.ts';
import { wholeNumber } from './command.ts';
import type { Call, CommonOptions, Declare } from './command.ts';
import { interrupted } from './interrupt.ts';
import type { Terminal } from './terminal.ts';

interface ServeCommand extends CommonOptions {
  readonly port: number;
}

/** The built window: out/renderer, whether this runs from source or from out/main. */
export function rendererDir(): string {
  const candidates = ['../../../../out/renderer', '../renderer', '../../renderer'].map((up) =>
    join(import.meta.dirname, up),
  );
  return candidates.find((dir) => existsSync(join(dir, 'index.html'))) ?? candidates[0] ?? '';
}

/** serve: the window in a browser of this computer, until it is stopped. */
export const declareServe: Declare = (program, define) => {
  define(
    program
      .command('serve')
      .description('serve the window to a browser on this computer')
      .addOption(new Option('--port <n>', 'the port; 0 takes a free one').argParser(wholeNumber(0, 65_535)).default(0)),
    (call, options: ServeCommand) => serveUntilStopped(call, options),
  );
};

/**
 * A browser is let in while the engine opens the workspace in its thread, which answers the window when it has. A workspace
 * that is refused ends the command, and the window is told why before.
 */
async function serveUntilStopped(
  { terminal, workspaceDir, answer }: Call,
  { port, workspace }: ServeCommand,
): Promise<void> {
  const starting = engineFor(terminal.env, workspaceDir, workspace);
  const [{ serve }, { openLog }] = await Promise.all([import('../web/serve.ts'), import('../../log/log.ts')]);
  const { engine, close } = unwrap(await starting);
  try {
    const host = await open(serve, {
      connect: engine.connect,
      rendererDir: rendererDir(),
      port,
      log: openLog(terminal.env),
    });
    answer({ url: host.url, link: host.link }, () => host.link);
    terminal.say('Open this link in a browser on this computer. It works once. Stop with Ctrl-C.');
    const stopped = interrupted();
    const opened = await Promise.race([engine.opened, stopped]);
    if (opened?.ok === false) await windowTold(host);
    else await Promise.race([stopped, engine.ended]);
    await host.close();
    if (opened !== undefined) unwrap(opened);
  } finally {
    await close();
  }
}

/** Long enough for a page that has begun to load. */
const TELL_WINDOW_MS = 3000;

async function windowTold({ isUsed, told }: WebHost): Promise<void> {
  if (isUsed()) await Promise.race([told, wait(TELL_WINDOW_MS, undefined, { ref: false })]);
}

/** A folder that was named is opened as it is; without one, the last workspace, or what a person chooses in the window. */
async function engineFor(
  env: Terminal['env'],
  workspaceDir: string,
  named: string | undefined,
): Promise<Result<Pick<WebEngine, 'engine' | 'close'>, Problem>> {
  if (named === undefined) {
    // Knows how to make a demo, which a workspace that was named is not waiting for.
    const { startWebEngine } = await import('../web/start-web-engine.ts');
    return startWebEngine(appDataDir(env), undefined, personOf(env));
  }
  const engine = startEngineThread({ workspaceDir }, personOf(env));
  return ok({ engine, close: () => engine.close() });
}

async function open(serve: typeof Serve, options: ServeOptions): Promise<WebHost> {
  try {
    return await serve(options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE' || code === 'EACCES')
      throw new ProblemError(
        cannotServe(`Port ${String(options.port)} cannot be used.`, 'Choose another with --port.'),
      );
    if (code === 'ENOENT')
      throw new ProblemError(cannotServe('The window has not been built.', 'Run “npm run build” first.'));
    throw error;
  }
}

const cannotServe = (what: string, todo: string) => ({
  kind: 'cannotServe',
  what,
  notDone: 'Nothing is served.',
  todo,
});
