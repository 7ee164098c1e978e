import { z } from 'zod';
import { ChangeDetail, MismatchDetail, FlowName, SideName } from '../../../shared/contract/views.ts';
import { CHANGE_OPS, MISMATCH_KINDS, TAKES } from '../../../shared/domain.ts';

/**
 * What stands in a review file, one JSON document a line: first the manifest, then a line a row, last the end with their
 * number. Rows are what a person sees, masked as on the screen, with the fingerprint that a decision binds to (V1).
 */

/** The version of the rows. A file of another one is refused; the envelope has a version of its own. */
export const ROWS_VERSION = 1;
export const MOST_ROWS = 1_000_000;
export const LONGEST_LINE = 1024 * 1024;
export const LONGEST_NAME = 80;

/** One line with something on it. What a rule approved bears `rule:`, which nobody is called. */
export const NAME = new RegExp(`^(?!\\s|rule:)[^\\p{Cc}]{1,${String(LONGEST_NAME)}}$`, 'iu');

const Fingerprint = z.string().min(1).max(4096);
const Instant = z.number().int().min(0);
const Text = z.string().max(LONGEST_LINE);

/** Whose plan it is. The workspace's id is made at random for this, and tells nothing. */
const Origin = z.strictObject({
  review: z.uuid(),
  workspace: z.strictObject({ id: z.uuid(), name: Text }),
  /** Digest of both tenants as they were seen at set-up (S3). */
  tenants: z.string().max(128),
  exportedAt: Instant,
  exportedBy: Text,
});
export type Origin = z.output<typeof Origin>;

export const PlanManifest = z.strictObject({
  is: z.literal('plan'),
  rows: z.literal(ROWS_VERSION),
  origin: Origin,
  flows: z.array(FlowName),
});
export type PlanManifest = z.output<typeof PlanManifest>;

const GroupShown = z.strictObject({ group: z.string(), fingerprint: Fingerprint });

export const ChangeShown = z.strictObject({
  is: z.literal('change'),
  view: ChangeDetail,
  fingerprint: Fingerprint,
  groups: z.array(GroupShown).min(1),
});
export type ChangeShown = z.output<typeof ChangeShown>;

export const MismatchShown = z.strictObject({
  is: z.literal('mismatch'),
  view: MismatchDetail,
  fingerprint: Fingerprint,
});
export type MismatchShown = z.output<typeof MismatchShown>;

export const DecisionsManifest = z.strictObject({
  is: z.literal('decisions'),
  rows: z.literal(ROWS_VERSION),
  origin: Origin,
  /** Who decided: the account, and the name that was typed. */
  reviewer: z.strictObject({ account: z.string().max(256), name: z.string().regex(NAME) }),
  installation: z.string().max(256),
  madeAt: Instant,
});
export type DecisionsManifest = z.output<typeof DecisionsManifest>;

const Ids = { customerpId: z.string().nullable(), tidsbankenId: z.string().nullable() };

/** One decision on groups of a change. */
export const ChangeDecided = z.strictObject({
  is: z.literal('change'),
  id: z.number().int(),
  flow: FlowName,
  op: z.enum(CHANGE_OPS),
  target: SideName,
  ...Ids,
  label: Text,
  fingerprint: Fingerprint,
  groups: z.array(GroupShown).min(1),
  take: z.enum(['approve', 'reject']),
  decidedAt: Instant,
});
export type ChangeDecided = z.output<typeof ChangeDecided>;

export const MismatchDecided = z.strictObject({
  is: z.literal('mismatch'),
  id: z.number().int(),
  flow: FlowName,
  kind: z.enum(MISMATCH_KINDS),
  group: z.string().nullable(),
  ...Ids,
  label: Text,
  fingerprint: Fingerprint,
  take: z.enum(TAKES),
  linkTo: z.string().optional(),
  decidedAt: Instant,
});
export type MismatchDecided = z.output<typeof MismatchDecided>;

export const End = z.strictObject({ is: z.literal('end'), count: z.number().int().min(0) });

export const PlanRow = z.discriminatedUnion('is', [ChangeShown, MismatchShown]);
export type PlanRow = z.output<typeof PlanRow>;
export const DecidedRow = z.discriminatedUnion('is', [ChangeDecided, MismatchDecided]);
export type DecidedRow = z.output<typeof DecidedRow>;
