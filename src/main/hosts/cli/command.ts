import { Command, InvalidArgumentError, Option } from 'commander';
import { resolve } from 'node:path';
import { FLOWS } from '../../../shared/domain.ts';
import type { AppService } from '../../app/app-service.ts';
import { appDataDir, pairsDir, personOf } from '../app-data.ts';
import { unwrap } from '../problem-error.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

export interface CommonOptions {
  readonly workspace?: string;
  readonly json?: boolean;
}

/** What a command works with. */
export interface Call {
  readonly terminal: Terminal;
  readonly workspaceDir: string;
  /** The answer: the document with --json, else the text. */
  readonly answer: (document: unknown, text: () => string) => void;
}

export type Declare = (program: Command, define: Define) => void;
/** Ties an action to its command, with the options that every command has. The action names the types it declared. */
export type Define = (
  command: Command,
  action: (call: Call, options: never, ...args: never[]) => Promise<ExitCode | void>,
) => void;

/** @param done takes the exit code of the command that ran */
export function makeDefine(terminal: Terminal, done: (code: ExitCode) => void): Define {
  return (command, action) => {
    command.option('--workspace <dir>', 'the workspace folder (default: in the app-data folder)');
    command.option('--json', 'print one JSON document');
    command.action(async (...given: unknown[]) => {
      // Commander hands over the arguments, then the options, then the command itself.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- declared right beside the action that names their types
      const args = given.slice(0, -2) as never[];
      const call = callOf(terminal, command.opts<CommonOptions>());
      done((await action(call, command.opts<never>(), ...args)) ?? EXIT.done);
    });
  };
}

function callOf(terminal: Terminal, options: CommonOptions): Call {
  return {
    terminal,
    workspaceDir: options.workspace === undefined ? appDataDir(terminal.env) : resolve(options.workspace),
    answer: (document, text) => terminal.print(options.json === true ? JSON.stringify(document) : text()),
  };
}

/** Opens the workspace for as long as the work takes. */
export async function withService<T>(call: Call, work: (service: AppService) => Promise<T>): Promise<T> {
  const { env } = call.terminal;
  // `serve` is declared with this file, and its process opens nothing.
  const { openApp } = await import('../../app/open-app.ts');
  const service = unwrap(
    await openApp({ workspaceDir: call.workspaceDir, env, person: personOf(env), pairsDir: pairsDir(env) }),
  );
  try {
    return await work(service);
  } finally {
    await service.close();
  }
}

export const flowOption = (): Option => new Option('--flow <flow>', 'only this flow').choices(FLOWS);

export function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(
      `It takes a whole number from ${String(low)}${high === Number.MAX_SAFE_INTEGER ? '' : ` to ${String(high)}`}.`,
    );
  };
}

export const limitOption = (): Option =>
  new Option('--limit <n>', 'how many to show').argParser(wholeNumber(1, 100_000)).default(100);

/** Refused input, told as a problem like any other. */
export const badInput = (what: string, todo: string) => ({
  kind: 'badInput',
  what,
  notDone: 'Nothing was done.',
  todo,
});
