import { z } from 'zod';
import { SIDES } from '../domain.ts';
import { FlowName, ProblemView } from './views.ts';

/** The living checklist of one flow: what its dataflow document promises, and when each line was last seen to hold (7.6). */

const Tick = z.object({
  verdict: z.enum(['passed', 'failed', 'notApplicable']),
  /** The word for why, which a translation knows. */
  why: z.string().nullable(),
  /** ms since 1970. */
  at: z.number().int(),
  runId: z.number().int(),
});
export type TickView = z.output<typeof Tick>;

const Way = z.object({
  /** Why the mapping itself rules a test out; null: it is tested. */
  not: z.string().nullable(),
  /** Null: not yet seen under this mapping. */
  tick: Tick.nullable(),
});

export const ChecklistLine = z.object({
  property: z.string(),
  type: z.string(),
  fields: z.object({ customerp: z.string(), tidsbanken: z.string() }),
  sensitive: z.boolean(),
  /** By the side that a value arrives at. */
  to: z.object({ customerp: Way, tidsbanken: Way }),
});
export type ChecklistLine = z.output<typeof ChecklistLine>;

export const ChecklistRule = z.object({
  rule: z.enum(['created', 'merged', 'inSync', 'references', 'conflict', 'rail']),
  to: z.enum(SIDES).nullable(),
  key: z.string().nullable(),
  tick: Tick.nullable(),
});
export type ChecklistRule = z.output<typeof ChecklistRule>;

export const ChecklistView = z.object({
  flow: FlowName,
  lines: z.array(ChecklistLine),
  rules: z.array(ChecklistRule),
  /** Test values that still stand. */
  unfinished: z.array(ProblemView),
});
export type ChecklistView = z.output<typeof ChecklistView>;
