import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ProblemError } from '../problem-error.ts';
import { badInput } from './command.ts';
import type { Terminal } from './terminal.ts';

/** The environment variable that scripts hand a passphrase over with; an argument would stand in the list of processes. */
export const PASSPHRASE_ENV = 'TIDSBRO_PASSPHRASE';

/**
 * The passphrase of a file: from the environment, else asked for at the terminal, unseen.
 * @param twice for a new one: a typing error would lock everybody out
 */
export async function passphraseFrom({ env }: Terminal, twice: boolean): Promise<string> {
  const given = env[PASSPHRASE_ENV];
  if (given !== undefined && given !== '') return given;
  if (!process.stdin.isTTY)
    throw new ProblemError(badInput('There is no passphrase.', `Set ${PASSPHRASE_ENV}, or call this at a terminal.`));
  const first = await askUnseen('Passphrase: ');
  if (twice && (await askUnseen('The same again: ')) !== first)
    throw new ProblemError(badInput('The two passphrases differ.', 'Try again.'));
  return first;
}

async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question);
  // What is typed is echoed by nobody: the terminal is raw, and readline writes into the void.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const left = new AbortController();
  reader.once('SIGINT', () => left.abort());
  try {
    return await reader.question('', { signal: left.signal });
  } catch {
    throw new ProblemError(badInput('No passphrase was typed.', 'Try again.'));
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
