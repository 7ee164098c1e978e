import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** What the workers are given, in this order, and who hears of what became of it. */
export interface Work<Job, Answer> {
  readonly workers: number;
  /** The file that each worker runs: it answers every message, a job, with one message. */
  readonly program: string;
  /** May grow while it is worked on. */
  readonly jobs: Job[];
  /** A job that takes longer is ended, and told like one whose worker died. */
  readonly mostMs: number;
  /** False: nothing more is begun; what is under way comes to its end. */
  readonly goesOn: () => boolean;
  readonly answered: (job: Job, answer: Answer) => void;
  /** The worker was gone before it answered. Nothing is tried a second time. */
  readonly died: (job: Job, how: string) => void;
}

/** Works the jobs off in processes of their own, so that none can take another down. */
export async function workOff<Job extends object, Answer>(work: Work<Job, Answer>): Promise<void> {
  await Promise.all(Array.from({ length: work.workers }, () => workUntilDone(work)));
}

async function workUntilDone<Job extends object, Answer>(work: Work<Job, Answer>): Promise<void> {
  let worker: ChildProcess | null = null;
  for (let job = nextOf(work); job !== undefined; job = nextOf(work)) {
    worker ??= fork(work.program, { serialization: 'advanced' });
    const outcome = await answerOf<Answer>(worker, job, work.mostMs);
    if ('answer' in outcome) work.answered(job, outcome.answer);
    else {
      work.died(job, outcome.how);
      worker = null;
    }
  }
  worker?.disconnect();
}

const nextOf = <Job, Answer>(work: Work<Job, Answer>): Job | undefined =>
  work.goesOn() ? work.jobs.shift() : undefined;

type Outcome<Answer> = { readonly answer: Answer } | { readonly how: string };

function answerOf<Answer>(worker: ChildProcess, job: object, mostMs: number): Promise<Outcome<Answer>> {
  return new Promise((resolve) => {
    let how: string | null = null;
    const timer = setTimeout(() => {
      how = `it took longer than ${String(mostMs / 1_000)} s`;
      worker.kill('SIGKILL');
    }, mostMs);
    const end = (outcome: Outcome<Answer>): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(outcome);
    };
    worker.once('message', (answer: Answer) => end({ answer }));
    worker.once('error', (error) => end({ how: error.message }));
    worker.once('exit', (code, signal) => end({ how: how ?? `it ended with ${String(signal ?? code)}` }));
    worker.send(job);
  });
}
