import { z } from 'zod';
import { RUN_STAGES } from '../domain.ts';

/** What one stage of a run asked of one system. */
export const SystemWork = z.object({
  requests: z.number(),
  /** Bodies as they crossed the wire, bytes. */
  bytesSent: z.number(),
  bytesReceived: z.number(),
  /** From a request's leaving to its answer's end, all requests together, ms. */
  answeringMs: z.number(),
  /** Requests that had to wait for the system's limits, and all their waits together, ms. */
  waits: z.number(),
  waitedMs: z.number(),
  /** Requests answered 429. */
  refused: z.number(),
});
export type SystemWork = z.output<typeof SystemWork>;

/** What one stage of a run took; a stage that came several times is one row. */
export const StageWork = z.object({
  stage: z.enum(RUN_STAGES),
  ms: z.number(),
  /** Statements that the link store carried out. */
  statements: z.number(),
  systems: z.object({ customerp: SystemWork, tidsbanken: SystemWork }),
});
export type StageWork = z.output<typeof StageWork>;
