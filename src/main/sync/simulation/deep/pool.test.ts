import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workOff } from './pool.ts';

/** Whatever becomes of a worker, each job is either answered or told as lost. */

interface Task {
  readonly name: string;
  readonly how: 'answer' | 'kill' | 'exit' | 'hang';
}

const PROGRAM = `
process.on('message', ({ name, how }) => {
  if (how === 'answer') process.send(name + ' in ' + process.pid);
  if (how === 'kill') process.kill(process.pid, 'SIGKILL');
  if (how === 'exit') process.exit(3);
});
`;

const folder = mkdtempSync(join(tmpdir(), 'tidsbro-pool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = join(folder, 'worker.mjs');
writeFileSync(program, PROGRAM);

async function work(jobs: Task[], more: { workers?: number; mostMs?: number; goesOn?: () => boolean } = {}) {
  const answers: string[] = [];
  const dead: string[] = [];
  await workOff<Task, string>({
    workers: 2,
    program,
    jobs,
    mostMs: 20_000,
    goesOn: () => true,
    answered: (_, answer) => answers.push(answer),
    died: ({ name }, how) => dead.push(`${name}: ${how}`),
    ...more,
  });
  return { answers: answers.toSorted(), dead: dead.toSorted() };
}

const names = (answers: readonly string[]): string[] => answers.map((answer) => answer.split(' ')[0] ?? '');
const pids = (answers: readonly string[]): number => new Set(answers.map((answer) => answer.split(' ').at(-1))).size;

describe('jobs in processes of their own', () => {
  it('each is answered once, by as many processes as were asked for', async () => {
    const jobs = Array.from({ length: 9 }, (_, n): Task => ({ name: String(n), how: 'answer' }));
    const { answers, dead } = await work(jobs);
    expect(names(answers)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
    expect(pids(answers)).toBe(2);
    expect(dead).toEqual([]);
  });

  it('a worker that is killed or ends is told, and the others go on', async () => {
    const { answers, dead } = await work([
      { name: 'a', how: 'kill' },
      { name: 'b', how: 'answer' },
      { name: 'c', how: 'exit' },
      { name: 'd', how: 'answer' },
    ]);
    expect(names(answers)).toEqual(['b', 'd']);
    expect(dead).toEqual(['a: it ended with SIGKILL', 'c: it ended with 3']);
  });

  it('one that does not come to an end is ended', async () => {
    const { answers, dead } = await work(
      [
        { name: 'a', how: 'hang' },
        { name: 'b', how: 'answer' },
      ],
      {
        workers: 1,
        mostMs: 4_000,
      },
    );
    expect(names(answers)).toEqual(['b']);
    expect(dead).toEqual(['a: it took longer than 4 s']);
  });

  it('when the time is up, nothing more is begun, and what is left is left', async () => {
    const jobs = Array.from({ length: 4 }, (_, n): Task => ({ name: String(n), how: 'answer' }));
    let asked = 0;
    const { answers } = await work(jobs, { workers: 1, goesOn: () => (asked += 1) <= 2 });
    expect(names(answers)).toEqual(['0', '1']);
    expect(jobs.map(({ name }) => name)).toEqual(['2', '3']);
  });
});
