import { z } from 'zod';
import {
  APPROVALS,
  BUCKETS,
  CHANGE_OPS,
  CHANGE_STATES,
  DIRECTIONS,
  FLOWS,
  LINK_STATES,
  MISMATCH_KINDS,
  RUN_MODES,
  RUN_STAGES,
  RUN_STATES,
  SIDES,
  TAKES,
} from '../domain.ts';
import { StageWork } from './run-work.ts';

/** What the screens, the CLI's --json and the web host see. Schemas make the types; times are ms since 1970, UTC. */

const Instant = z.number().int();
export const SideName = z.enum(SIDES);
export const FlowName = z.enum(FLOWS);
export const ValueView = z.string().nullable();

/** One property as a person compares it. `undefined` values mean "not observed"; sensitive ones come masked. */
export const PropertyView = z.object({
  property: z.string(),
  group: z.string(),
  fields: z.object({ customerp: z.string(), tidsbanken: z.string() }),
  type: z.string(),
  sensitive: z.boolean(),
  customerp: ValueView.optional(),
  base: z.object({ customerp: ValueView, tidsbanken: ValueView }).optional(),
  tidsbanken: ValueView.optional(),
  /** True where the two sides are not canonically equal. */
  differs: z.boolean(),
  /** What a person should know of a value that blocks nothing: the check digit of an organisation number is wrong (2.2). */
  warning: z.enum(['checkDigit']).optional(),
  /** Of a reference: what the records that it points to are called. */
  names: z.object({ customerp: z.string().optional(), tidsbanken: z.string().optional() }).optional(),
});
export type PropertyView = z.output<typeof PropertyView>;

export const SystemHealth = z.object({
  side: SideName,
  name: z.string(),
  url: z.string(),
  state: z.enum(['ok', 'unreachable', 'signInNeeded', 'unknown']),
  detail: z.string(),
  checkedAt: Instant.nullable(),
});
export type SystemHealth = z.output<typeof SystemHealth>;

export const FlowCounts = z.object({
  read: z.object({ customerp: z.number(), tidsbanken: z.number() }),
  links: z.number(),
  created: z.object({ customerp: z.number(), tidsbanken: z.number() }),
  updated: z.object({ customerp: z.number(), tidsbanken: z.number() }),
  inStep: z.number(),
  proposed: z.number(),
  mismatches: z.number(),
  skipped: z.number(),
  failed: z.number(),
});
export type FlowCounts = z.output<typeof FlowCounts>;

export const ProblemView = z.object({
  kind: z.string(),
  what: z.string(),
  notDone: z.string(),
  todo: z.string(),
  side: SideName.optional(),
  recordKind: z.string().optional(),
  nativeId: z.string().optional(),
  property: z.string().optional(),
  /** What the sentences are made of, for a window that says them in its own language. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

/** One record of one system. */
export const RecordKey = z.object({ flow: FlowName, side: SideName, nativeId: z.string().max(200) });
export type RecordKey = z.output<typeof RecordKey>;

export const RunView = z.object({
  id: z.number().int(),
  mode: z.enum(RUN_MODES),
  approve: z.enum(APPROVALS).nullable(),
  state: z.enum(RUN_STATES),
  startedAt: Instant,
  endedAt: Instant.nullable(),
  full: z.boolean(),
  /** The one record that the run was narrowed to; left out where it was all of its flows. */
  record: RecordKey.optional(),
  flows: z.partialRecord(FlowName, FlowCounts),
  requests: z.object({ customerp: z.number(), tidsbanken: z.number() }),
  seconds: z.number(),
  /** What each stage took; left out for runs before it was counted. */
  work: z.array(StageWork).optional(),
  problems: z.array(ProblemView),
});
export type RunView = z.output<typeof RunView>;

export const FlowCard = z.object({
  flow: FlowName,
  inStep: z.number(),
  waiting: z.number(),
  approved: z.number(),
  /** Approved, and not written before their number is typed (S1); left out where there are none. */
  held: z.number().optional(),
  mismatches: z.number(),
  skipped: z.number(),
  links: z.number(),
  records: z.object({ customerp: z.number(), tidsbanken: z.number() }),
  /** The first run of a flow is preview only, until a person has reviewed it (S7, M7). */
  firstReviewPending: z.boolean(),
  lastRunAt: Instant.nullable(),
});
export type FlowCard = z.output<typeof FlowCard>;

export const Progress = z.object({
  runId: z.number().int(),
  stage: z.enum(RUN_STAGES),
  flow: FlowName.nullable(),
  side: SideName.nullable(),
  done: z.number(),
  total: z.number().nullable(),
  /** Human name of the record under way, when one is. */
  record: z.string().nullable(),
  stopping: z.boolean(),
  startedAt: Instant,
  stageStartedAt: Instant,
});
export type Progress = z.output<typeof Progress>;

/** A plan that was brought along in a file, in the place of a workspace with systems. */
export const OpenedReview = z.object({
  from: z.string(),
  exportedBy: z.string(),
  exportedAt: Instant,
  /** The reviewer as the journal will name them. */
  person: z.string(),
  decided: z.object({ approved: z.number().int(), rejected: z.number().int(), mismatches: z.number().int() }),
});
export type OpenedReview = z.output<typeof OpenedReview>;

export const Overview = z.object({
  workspace: z.object({ name: z.string(), path: z.string(), demo: z.boolean() }),
  /** Set in an opened review: there are no systems, and only Review and Mismatches. */
  review: OpenedReview.optional(),
  /** Web pages where a person can open each system, when known (the demo's edit pages). */
  systems: z.array(SystemHealth),
  flows: z.array(FlowCard),
  running: Progress.nullable(),
  lastRun: RunView.nullable(),
  recentRuns: z.array(RunView),
  /** A run of another program on this workspace: until it has ended, one may look and decide, and start nothing. */
  elsewhere: z.object({ computer: z.string(), process: z.string(), since: Instant }).optional(),
  /** What a run left that a crash cut short, as long as no later one has tidied up (section 9). */
  left: z
    .object({
      runId: z.number().int(),
      startedAt: Instant,
      /** Approved, and not sent. */
      toWrite: z.number().int(),
      /** May have been sent: looked up before anything else. */
      toLookUp: z.number().int(),
    })
    .optional(),
  /** The store may only be looked at: its pages are still being checked after the start, or are damaged (section 10). */
  store: z
    .discriminatedUnion('state', [
      /** The share of the file that was read, 0 to 1; then its pages are compared with each other. */
      z.object({ state: z.literal('checking'), done: z.number() }),
      z.object({ state: z.literal('damaged'), problem: ProblemView }),
    ])
    .optional(),
  /** Test values of checklists that may still stand (7.6); left out where there are none. */
  unfinished: z.array(ProblemView).min(1).optional(),
});
export type Overview = z.output<typeof Overview>;

export const GroupView = z.object({
  group: z.string(),
  row: z.string(),
  needs: z.enum(['auto', 'review']),
  approved: z.boolean(),
  properties: z.array(PropertyView.extend({ desired: ValueView.optional() })),
});
export type GroupView = z.output<typeof GroupView>;

/** A pending change as listed in Review. */
export const ChangeRow = z.object({
  id: z.number().int(),
  flow: FlowName,
  op: z.enum(CHANGE_OPS),
  /** The side that will be written. */
  target: SideName,
  label: z.string(),
  customerpId: z.string().nullable(),
  tidsbankenId: z.string().nullable(),
  state: z.enum(CHANGE_STATES),
  needs: z.enum(['auto', 'review']),
  approved: z.enum(['all', 'some', 'none']),
  groups: z.array(z.string()),
  /** One line: the first changed properties with their new values. */
  summary: z.string(),
  /** The same as parts, for a window with words of its own. A reference comes without a value. */
  changed: z.array(z.object({ property: z.string(), type: z.string(), to: ValueView.optional() })),
  changedMore: z.number().int(),
  rail: z.string().nullable(),
  problem: ProblemView.nullable(),
  createdAt: Instant,
});
export type ChangeRow = z.output<typeof ChangeRow>;

export const ChangeDetail = ChangeRow.extend({
  groupViews: z.array(GroupView),
  approvedBy: z.string().nullable(),
  approvedAt: Instant.nullable(),
  waitsFor: z.array(z.string()),
});
export type ChangeDetail = z.output<typeof ChangeDetail>;

export const MismatchRow = z.object({
  id: z.number().int(),
  flow: FlowName,
  kind: z.enum(MISMATCH_KINDS),
  label: z.string(),
  customerpId: z.string().nullable(),
  tidsbankenId: z.string().nullable(),
  group: z.string().nullable(),
  /** Values for the sentence about this kind: property, candidates, reason, rail, limit … Never sensitive. */
  detail: z.record(z.string(), z.string()),
  suggests: z.enum(TAKES).nullable(),
  /** The ways out that this mismatch really has. */
  takes: z.array(z.enum(TAKES)),
  firstSeenAt: Instant,
  seenCount: z.number().int(),
});
export type MismatchRow = z.output<typeof MismatchRow>;

export const CandidateView = z.object({
  side: SideName,
  nativeId: z.string(),
  label: z.string(),
  /** The keys on which it agrees, such as "organizationNumber 310123404". */
  agreesOn: z.array(z.string()),
  /** How it compares on each key of the flow that either of the two has. */
  keys: z.array(
    z.object({
      key: z.string(),
      strength: z.enum(['strong', 'weak']),
      outcome: z.enum(['agrees', 'differs', 'missing']),
      own: z.string().nullable(),
      theirs: z.string().nullable(),
    }),
  ),
  linked: z.boolean(),
});
export type CandidateView = z.output<typeof CandidateView>;

/** Where a person can open each record in its own system; a side that has no such page is left out. */
const RecordPages = z.object({ customerp: z.url().optional(), tidsbanken: z.url().optional() });

export const MismatchDetail = MismatchRow.extend({
  properties: z.array(PropertyView),
  candidates: z.array(CandidateView),
  pages: RecordPages,
});
export type MismatchDetail = z.output<typeof MismatchDetail>;

export const LinkView = z.object({
  id: z.number().int(),
  state: z.enum(LINK_STATES),
  customerpId: z.string(),
  tidsbankenId: z.string(),
  origin: z.string(),
  /** The match keys that made it; none when a person did. */
  keys: z.array(z.string()),
  direction: z.enum(DIRECTIONS),
  madeAt: Instant,
});

export const RecordRow = z.object({
  flow: FlowName,
  side: SideName,
  nativeId: z.string(),
  label: z.string(),
  number: z.string(),
  bucket: z.enum(BUCKETS),
  reason: z.string().nullable(),
  partnerId: z.string().nullable(),
  linkId: z.number().int().nullable(),
  direction: z.enum(DIRECTIONS).nullable(),
  missing: z.boolean(),
});
export type RecordRow = z.output<typeof RecordRow>;

export const RecordDetail = RecordRow.extend({
  /** A person has said that nobody is to be asked about it. */
  isAside: z.boolean(),
  link: LinkView.nullable(),
  properties: z.array(PropertyView),
  changes: z.array(ChangeRow),
  mismatches: z.array(MismatchRow),
  pages: RecordPages,
});
export type RecordDetail = z.output<typeof RecordDetail>;

/** One written value, before and after; of a sensitive one there is no row. */
const WrittenValue = z.object({
  property: z.string(),
  type: z.string(),
  before: ValueView,
  after: ValueView,
});

/** What happened to one record or its pair. */
export const RecordEvent = z.object({
  seq: z.number().int(),
  at: Instant,
  runId: z.number().int().nullable(),
  /** The change that it tells of, if it tells of one. */
  change: z.number().int().nullable(),
  event: z.string(),
  target: SideName.nullable(),
  person: z.string().nullable(),
  values: z.array(WrittenValue),
});
export type RecordEvent = z.output<typeof RecordEvent>;

/** Where a value comes from: the last write that the journal knows of. */
export const Provenance = WrittenValue.extend({
  from: SideName,
  runId: z.number().int().nullable(),
  at: Instant,
  /** The row of the group table, `create`, `decision` or `restore`; null when the change is no longer known. */
  rule: z.string().nullable(),
  approvedBy: z.string().nullable(),
});
export type Provenance = z.output<typeof Provenance>;

/** Newest first. */
export const RecordHistory = z.object({
  events: z.array(RecordEvent),
  provenance: z.array(Provenance),
  /** True where older events are left out. */
  isCut: z.boolean(),
});
export type RecordHistory = z.output<typeof RecordHistory>;

export const JournalRow = z.object({
  seq: z.number().int(),
  at: Instant,
  runId: z.number().int().nullable(),
  item: z.string().nullable(),
  event: z.string(),
  attempt: z.number().int().nullable(),
  detail: z.record(z.string(), z.unknown()),
});
export type JournalRow = z.output<typeof JournalRow>;

/** What a decision came to, item by item: nothing is silently passed over. */
export const DecisionOutcome = z.object({
  decided: z.number().int(),
  refused: z.array(z.object({ itemId: z.string(), why: z.string(), problem: ProblemView.optional() })),
});
export type DecisionOutcome = z.output<typeof DecisionOutcome>;

export const BulkSummary = z.object({
  total: z.number().int(),
  rows: z.array(
    z.object({
      flow: FlowName,
      target: SideName,
      op: z.enum(CHANGE_OPS),
      count: z.number().int(),
      review: z.number().int(),
    }),
  ),
  /** Rails that hold some of these: the count must be typed for them. */
  rails: z.array(z.string()),
});
export type BulkSummary = z.output<typeof BulkSummary>;

/** What becomes of a written group if it is taken back (7.5). */
export const UNDO_OUTCOMES = ['reversed', 'kept', 'cannot'] as const;

/** Groups of written values, by what undo comes to. */
export const UndoSummary = z.object({ reversed: z.number().int(), kept: z.number().int(), cannot: z.number().int() });
export type UndoSummary = z.output<typeof UndoSummary>;

/** One group of one written change, as it would be taken back; `create`: the whole record. */
export const UndoRow = z.object({
  /** The change that wrote it. */
  change: z.number().int(),
  flow: FlowName,
  op: z.enum(CHANGE_OPS),
  target: SideName,
  label: z.string(),
  customerpId: z.string().nullable(),
  tidsbankenId: z.string().nullable(),
  group: z.string(),
  outcome: z.enum(UNDO_OUTCOMES),
  /** Names the reason why it is kept or cannot be taken back; null when it is reversed. */
  why: z.string().nullable(),
  /** What was written, what stands there now (absent: not read), and what stood there before; none of sensitive ones. */
  values: z.array(
    z.object({
      property: z.string(),
      type: z.string(),
      written: ValueView,
      now: ValueView.optional(),
      before: ValueView,
    }),
  ),
});
export type UndoRow = z.output<typeof UndoRow>;

/** What was proposed for review; `missed`: groups of records that meanwhile have another open change. */
export const UndoProposed = z.object({
  changes: z.number().int(),
  groups: z.number().int(),
  missed: z.number().int(),
  /** Rails that hold some of them: their number must be typed in Review. */
  rails: z.array(z.string()),
});
export type UndoProposed = z.output<typeof UndoProposed>;

/** What one way out for many mismatches would decide (V3). */
export const MismatchSummary = z.object({
  total: z.number().int(),
  rows: z.array(z.object({ flow: FlowName, kind: z.enum(MISMATCH_KINDS), count: z.number().int() })),
  /** The ways out that all of them have; one that needs a record to be chosen is left out. */
  takes: z.array(z.enum(TAKES)),
});
export type MismatchSummary = z.output<typeof MismatchSummary>;

export const page = <T extends z.ZodType>(row: T) => z.object({ total: z.number().int(), rows: z.array(row) });
