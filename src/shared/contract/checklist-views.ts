import { z } from 'zod';
import { SIDES } from '../domain.ts';
import { FlowName, ProblemView } from './views.ts';

/** The living checklist of one flow: what its dataflow document promises, and when each line was last seen to hold (7.6). */

/** Why a line of the checklist is not put to the test. */
export const NOT_APPLICABLE = [
  'key', // set when a record is created, and never again
  'off',
  'direction', // the row does not go that way
  'sensitive', // compared as it stands: its value could not be put back (J1)
  'differs', // the two sides do not agree before the test: a person decides that first
  'unobserved',
  'stillTested', // an earlier test value could not be taken back yet
  'notPutBack', // a side could not be given back what it holds (N5)
  'noOtherValue',
  'noOtherRecord',
  'notNamed', // no record was named on which it could be seen
  'emptyKey', // the named records hold nothing in that key
  'neverCreates',
  'policy', // another answer than asking was settled
  'none', // the flow has no such row
] as const;
export type NotApplicable = (typeof NOT_APPLICABLE)[number];

/** Why a line failed. */
export const FAILURES = [
  'notConverted', // a conversion of the row does not give back what it is given
  'notWritten', // the first side did not take the test value
  'notCarried', // the sync proposed no change of it
  'held', // a rail that nothing passes holds the kind
  'notVerified', // the write to the other side did not end well
  'otherValue', // the other side shows something else
  'otherSpelling', // the other side's own text does not look like the value
  'notFound', // the rule did not do what it promises
  'stopped',
] as const;
export type FailureWhy = (typeof FAILURES)[number];

const Tick = z.object({
  verdict: z.enum(['passed', 'failed', 'notApplicable']),
  why: z.enum([...NOT_APPLICABLE, ...FAILURES]).nullable(),
  /** ms since 1970. */
  at: z.number().int(),
  runId: z.number().int(),
});
export type TickView = z.output<typeof Tick>;

const Way = z.object({
  /** Why the mapping itself rules a test out; null: it is tested. */
  not: z.enum(NOT_APPLICABLE).nullable(),
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
