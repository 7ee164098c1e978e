import { perform } from './jobs.ts';
import type { Job } from './jobs.ts';

/** One worker of a deep run: does the jobs that it is sent, one at a time. What it throws ends it, and is told. */
process.on('message', (job: Job) => {
  void perform(job).then((answer) => process.send?.(answer));
});
