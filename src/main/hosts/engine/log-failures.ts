import { ORPCError } from '@orpc/server';
import type { Log } from '../../log/log.ts';

/** Logs what a call of the window died of. Declared errors are answers, and the window tells them itself. */
export const logFailures =
  (log: Log) =>
  (error: unknown): void => {
    if (error instanceof ORPCError && error.defined) return;
    log.error({ err: error }, 'A call of the window failed.');
  };
