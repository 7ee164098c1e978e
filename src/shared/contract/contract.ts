import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { ChecklistView } from './checklist-views.ts';
import { CHANGE_OPS, DIRECTIONS, MISMATCH_KINDS, TAKES } from '../domain.ts';
import { FolderList, FolderName, SetupState, SystemDraft, SystemTest, WorkspaceDraft } from './setup.ts';
import { LintView, MappingDraft, MappingEffect, MappingView, TryView } from './mapping-views.ts';
import { PortableCalls } from './portable.ts';
import {
  BulkSummary,
  ChangeDetail,
  ChangeRow,
  DecisionOutcome,
  FlowName,
  JournalRow,
  MismatchDetail,
  MismatchRow,
  MismatchSummary,
  Overview,
  page,
  ProblemView,
  Progress,
  RecordDetail,
  RecordHistory,
  RecordKey,
  RecordRow,
  RunView,
  SideName,
  SystemHealth,
  UNDO_OUTCOMES,
  UndoProposed,
  UndoRow,
  UndoSummary,
} from './views.ts';

const Window = { offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(500).default(100) };

export const ReviewFilter = z.object({
  flow: FlowName.optional(),
  target: SideName.optional(),
  op: z.enum(CHANGE_OPS).optional(),
  /**
   * `waiting`: something of it is not decided yet, or its number is still to be typed (S1); `approved`: approved and not
   * applied, in part or whole; `held`: of these, what waits for that number; `open`: all.
   */
  show: z.enum(['waiting', 'approved', 'held', 'open']).default('open'),
  find: z.string().max(200).optional(),
});
export type ReviewFilter = z.input<typeof ReviewFilter>;

export const MismatchFilter = z.object({
  flow: FlowName.optional(),
  kind: z.enum(MISMATCH_KINDS).optional(),
  find: z.string().max(200).optional(),
});
export type MismatchFilter = z.input<typeof MismatchFilter>;

/** What is to be taken back: all that one run wrote, or one change (7.5). */
const UndoScope = z.union([z.strictObject({ run: z.number().int() }), z.strictObject({ change: z.number().int() })]);

const errors = {
  /** Another run holds the workspace, here or in another process. */
  BUSY: { data: ProblemView },
  /** The item ended or changed since the screen was drawn. */
  STALE: { data: ProblemView },
  REFUSED: { data: ProblemView },
  NOT_FOUND: { data: ProblemView },
};
const call = oc.errors(errors);

/** The one contract of the three hosts. Every input is validated at the door; every list is paged. */
export const contract = {
  /** The first start. Once a workspace is open, only `state` has an answer; before that, nothing else has. */
  setup: {
    state: call.output(SetupState),
    /** Signs in to one system as drafted and reads one record of each kind; writes nothing. */
    test: call.input(z.object({ side: SideName, system: SystemDraft })).output(SystemTest),
    /** An empty folder: where one would begin to look. */
    folders: call.input(z.object({ folder: z.string().max(4_096) })).output(FolderList),
    demo: call.output(z.object({ path: z.string() })),
    create: call.input(WorkspaceDraft).output(z.object({ path: z.string() })),
    open: call.input(FolderName).output(z.object({ path: z.string() })),
  },
  overview: {
    get: call.output(Overview),
    /** Signs in to both systems and writes nothing. */
    check: call.output(z.array(SystemHealth)),
  },
  sync: {
    /** Starts a run and answers at once; `progress` tells the rest. */
    start: call
      .input(
        z.object({
          flows: z.array(FlowName).optional(),
          full: z.boolean().default(false),
          approve: z.enum(['safe', 'none']).default('safe'),
        }),
      )
      .output(z.object({ runId: z.number().int() })),
    /**
     * A run of one record and its pair, led to its end: both are read anew and compared. `sync` writes what is approved
     * or automatic; `check` writes nothing.
     */
    one: call.input(RecordKey.extend({ do: z.enum(['sync', 'check']) })).output(RunView),
    /** Finishes what is under way, then ends the run. */
    stop: call.output(z.object({ stopping: z.boolean() })),
    /** At most some ten events a second; null when no run is under way. Ends only when the caller leaves. */
    progress: call.output(eventIterator(Progress.nullable())),
  },
  review: {
    list: call.input(ReviewFilter.extend(Window)).output(page(ChangeRow)),
    get: call.input(z.object({ id: z.number().int() })).output(ChangeDetail),
    summary: call.input(ReviewFilter).output(BulkSummary),
    decide: call
      .input(
        z.object({
          ids: z.array(z.number().int()).min(1).max(500),
          take: z.enum(['approve', 'reject', 'later']),
          group: z.string().optional(),
        }),
      )
      .output(DecisionOutcome),
    /** Bulk decision on a filter. `confirmCount` must equal the count shown (V3, S1). */
    decideAll: call
      .input(ReviewFilter.extend({ take: z.enum(['approve', 'reject']), confirmCount: z.number().int() }))
      .output(DecisionOutcome),
    /** Starts a run in mode `manual` that applies what is approved. */
    apply: call.output(z.object({ runId: z.number().int() })),
  },
  mismatches: {
    list: call.input(MismatchFilter.extend(Window)).output(page(MismatchRow)),
    counts: call.output(z.array(z.object({ flow: FlowName, kind: z.enum(MISMATCH_KINDS), count: z.number().int() }))),
    get: call.input(z.object({ id: z.number().int() })).output(MismatchDetail),
    decide: call
      .input(
        z.object({
          ids: z.array(z.number().int()).min(1).max(500),
          take: z.enum(TAKES),
          linkTo: z.string().optional(),
        }),
      )
      .output(DecisionOutcome),
    summary: call.input(MismatchFilter).output(MismatchSummary),
    /** One way out for all that match. `confirmCount` must equal the count shown (V3). */
    decideAll: call
      .input(MismatchFilter.extend({ take: z.enum(TAKES), confirmCount: z.number().int() }))
      .output(DecisionOutcome),
  },
  records: {
    list: call
      .input(
        z.object({
          flow: FlowName.optional(),
          side: SideName.optional(),
          linked: z.boolean().optional(),
          find: z.string().max(200).optional(),
          ...Window,
        }),
      )
      .output(page(RecordRow)),
    get: call.input(z.object({ flow: FlowName, side: SideName, nativeId: z.string() })).output(RecordDetail),
    /** The timeline of a record and its pair, and where its values come from, as far as the journal knows. */
    history: call.input(z.object({ flow: FlowName, side: SideName, nativeId: z.string() })).output(RecordHistory),
  },
  links: {
    link: call
      .input(z.object({ flow: FlowName, customerpId: z.string(), tidsbankenId: z.string() }))
      .output(DecisionOutcome),
    /** Links the two; the link that one of them has to another record ends in the same step. */
    relink: call
      .input(z.object({ flow: FlowName, customerpId: z.string(), tidsbankenId: z.string() }))
      .output(DecisionOutcome),
    /** A record without a link: nobody is asked about it any more (`aside`), or again. */
    setAside: call.input(RecordKey.extend({ aside: z.boolean() })).output(DecisionOutcome),
    unlink: call.input(z.object({ linkId: z.number().int() })).output(DecisionOutcome),
    /** Narrows the direction of one link; `off` pauses it (D6). */
    direction: call
      .input(z.object({ linkId: z.number().int(), direction: z.enum(DIRECTIONS) }))
      .output(DecisionOutcome),
  },
  undo: {
    /** What taking it back would come to; writes nothing. */
    preview: call.input(z.object({ scope: UndoScope })).output(UndoSummary),
    /** The rows of the last preview. */
    rows: call.input(z.object({ scope: UndoScope, outcome: z.enum(UNDO_OUTCOMES), ...Window })).output(page(UndoRow)),
    /** Proposes what can be taken back; each change waits in Review for a person. */
    propose: call.input(z.object({ scope: UndoScope })).output(UndoProposed),
  },
  mapping: {
    get: call.input(z.object({ flow: FlowName })).output(MappingView),
    /** A draft: edits over workspace.yaml as it stands. With `records`, every value that was read goes there and back. */
    lint: call.input(MappingDraft.extend({ records: z.boolean() })).output(LintView),
    /** One row of a draft on one record. */
    try: call.input(MappingDraft.extend({ row: z.string(), side: SideName, nativeId: z.string() })).output(TryView),
    check: call.input(MappingDraft).output(MappingEffect),
    /**
     * Writes a draft into workspace.yaml. STALE when `version` is not the mapping that stands there. `confirmed`: the
     * rows of its effect's `sensitive` that a person has said yes to.
     */
    save: call
      .input(MappingDraft.extend({ version: z.string(), confirmed: z.array(z.string().max(100)).max(500) }))
      .output(MappingView),
  },
  /** Plans and decisions that travel as a sealed file. */
  portable: {
    /** Writes the file that leaves from here: the plan, or in an opened review the decisions. */
    write: call.input(PortableCalls.write.input).output(PortableCalls.write.output),
    read: call.input(PortableCalls.read.input).output(PortableCalls.read.output),
    send: call.input(PortableCalls.send.input).output(PortableCalls.send.output),
    /** Carries out the decisions of a file that was handed over, row by row (V1). */
    merge: call.input(PortableCalls.merge.input).output(PortableCalls.merge.output),
    /** What became of each decision that was brought back. */
    outcomes: call.input(PortableCalls.outcomes.input).output(PortableCalls.outcomes.output),
  },
  runs: {
    list: call.input(z.object(Window)).output(page(RunView)),
    journal: call
      .input(
        z.object({
          runId: z.number().int().optional(),
          item: z.string().optional(),
          /** Only these events. */
          events: z.array(z.string()).max(100).optional(),
          ...Window,
        }),
      )
      .output(page(JournalRow)),
  },
  checklist: {
    get: call.input(z.object({ flow: FlowName })).output(ChecklistView),
    /** Starts a checklist on named test records and answers at once; its report is left in the workspace. */
    start: call
      .input(
        z.object({
          records: z
            .array(z.object({ flow: FlowName, nativeId: z.string().min(1).max(200) }))
            .min(1)
            .max(20),
          language: z.enum(['en', 'nb']),
        }),
      )
      .output(z.object({ runId: z.number().int() })),
    /** Puts back what an earlier checklist left. */
    restore: call.output(z.object({ runId: z.number().int() })),
  },
};
export type Contract = typeof contract;
