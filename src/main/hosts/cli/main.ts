import { Command, CommanderError } from 'commander';
import { problemText } from '../../../shared/domain.ts';
import type { Problem } from '../../../shared/domain.ts';
import { ProblemError } from '../problem-error.ts';
import { badInput, makeDefine } from './command.ts';
import type { Declare } from './command.ts';
import { EXIT, exitOfProblem } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/**
 * A window waits for `serve`, which needs none of what the other commands load; they bring the whole service along.
 */
async function declaredFor(word: string | undefined): Promise<readonly Declare[]> {
  if (word === 'serve') return [(await import('./serve.ts')).declareServe];
  return (await import('./commands.ts')).COMMANDS;
}

const EXIT_CODES = `
Exit codes: 0 done and nothing waits; 2 done, something waits for a person; 3 another run holds the workspace;
4 a rail stopped sync or apply; 1 any other failure.`;

/** Runs one command line and resolves to its exit code; every failure has been told when it does. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: ExitCode = EXIT.done;
  try {
    const program = programOf(terminal, await declaredFor(args[0]), (given) => (code = given));
    checkCommand(program, args[0]);
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return tellFailure(error, args.includes('--json'), terminal);
  }
}

function programOf(terminal: Terminal, declared: readonly Declare[], done: (code: ExitCode) => void): Command {
  const program = new Command('tidsbro')
    .description('Keeps Customerp and Tidsbanken in two-way sync.')
    .addHelpText('after', EXIT_CODES)
    .configureOutput({ writeOut: (text) => terminal.print(text.trimEnd()), writeErr: () => undefined })
    // A command that has others below it, such as review, leaves them the options that stand behind their names.
    .enablePositionalOptions()
    .exitOverride();
  for (const declare of declared) declare(program, makeDefine(terminal, done));
  return program;
}

/** Commander would complain of the options first, which a misspelt command cannot know. */
function checkCommand(program: Command, word: string | undefined): void {
  if (word === undefined) program.help();
  const names = program.commands.map((command) => command.name());
  if (word.startsWith('-') || word === 'help' || names.includes(word)) return;
  throw new ProblemError(badInput(`Unknown command '${word}'.`, `The commands are ${names.join(', ')}.`));
}

function tellFailure(error: unknown, json: boolean, terminal: Terminal): ExitCode {
  // Help that was asked for ends the same way as a refused option, but with code 0.
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  const problem = problemOf(error);
  terminal.say(problemText(problem));
  if (json) terminal.print(JSON.stringify({ error: problem }));
  return exitOfProblem(problem);
}

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof CommanderError) return refusedInput(error);
  return {
    kind: 'defect',
    what: `Tidsbro met an error of its own: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}.`,
    notDone: '',
    todo: 'Please report it.',
  };
}

function refusedInput(error: CommanderError): Problem {
  const text = error.message
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const what = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return {
    kind: 'badInput',
    what: what.endsWith('.') || what.endsWith('?)') ? what : `${what}.`,
    notDone: '',
    todo: '',
  };
}
