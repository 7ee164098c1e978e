import { z } from 'zod';
import { CHANGE_OPS, MISMATCH_KINDS, TAKES } from '../domain.ts';
import { FlowName, page } from './views.ts';

/** Plans and decisions that travel as a sealed file. */

/** What became of a decision that was brought back. */
export const BROUGHT_BACK = ['applied', 'already', 'stale', 'unknown', 'notAllowed'] as const;

/** A file that was just written: a plan to decide on, or decisions to bring back. */
export const WrittenReview = z.object({
  holds: z.enum(['plan', 'decisions']),
  review: z.string(),
  path: z.string(),
  changes: z.number().int(),
  mismatches: z.number().int(),
});
export type WrittenReview = z.output<typeof WrittenReview>;

export const MergeReport = z.object({
  review: z.string(),
  /** Who decided, and on which computer. */
  person: z.string(),
  installation: z.string(),
  madeAt: z.number().int(),
  counts: z.record(z.enum(BROUGHT_BACK), z.number().int()),
  /** Approvals that the rail S1 holds back until their number is typed. */
  needCount: z.number().int(),
});
export type MergeReport = z.output<typeof MergeReport>;

export const BroughtBackRow = z.object({
  id: z.number().int(),
  /** As it was exported: `change:12`, `mismatch:7`; `here` is the item that it is now. */
  item: z.string(),
  here: z.string().nullable(),
  flow: FlowName,
  what: z.enum([...CHANGE_OPS, ...MISMATCH_KINDS]),
  label: z.string(),
  take: z.enum(TAKES),
  person: z.string(),
  installation: z.string(),
  decidedAt: z.number().int(),
  mergedAt: z.number().int(),
  outcome: z.enum(BROUGHT_BACK),
  /** Names the sentence that explains it; null for what was applied. */
  why: z.string().nullable(),
});
export type BroughtBackRow = z.output<typeof BroughtBackRow>;

const FileId = z.uuid();
const Passphrase = z.string().max(1024);

/**
 * Inputs and outputs of the calls for a window, which has no files of its own: they come and go piece by piece, sealed
 * all the while.
 */
export const PortableCalls = {
  write: {
    input: z.object({ passphrase: Passphrase }),
    output: WrittenReview.omit({ path: true }).extend({ id: FileId, bytes: z.number().int() }),
  },
  read: {
    input: z.object({ id: FileId, offset: z.number().int().min(0) }),
    /** Base64; empty at the end. */
    output: z.object({ piece: z.string() }),
  },
  send: {
    /** The first piece has no id yet. 256 kB as base64: the wire takes messages of 1 MB. */
    input: z.object({ id: FileId.nullable(), offset: z.number().int().min(0), piece: z.base64().max(360_000) }),
    output: z.object({ id: FileId, length: z.number().int() }),
  },
  merge: {
    input: z.object({ id: FileId, passphrase: Passphrase, confirmCount: z.number().int().min(0).optional() }),
    output: MergeReport,
  },
  outcomes: {
    input: z.object({
      review: z.uuid(),
      outcome: z.enum(BROUGHT_BACK).optional(),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    output: page(BroughtBackRow),
  },
};
