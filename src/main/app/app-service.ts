import type { z } from 'zod';
import type {
  BulkSummary,
  ChangeDetail,
  ChangeRow,
  DecisionOutcome,
  JournalRow,
  MismatchDetail,
  MismatchRow,
  MismatchSummary,
  Overview,
  Progress,
  RecordDetail,
  RecordHistory,
  RecordRow,
  RunView,
  SystemHealth,
  UndoProposed,
  UndoRow,
  UndoSummary,
} from '../../shared/contract/views.ts';
import type { Direction, Flow, MismatchKind, Problem, Result, Side, Take } from '../../shared/domain.ts';
import type { AuditOptions, AuditReport } from './health/audit.ts';
import type { ProveOptions, Proofs } from './health/prove.ts';
import type { ChecklistDesk } from './checklist/checklists.ts';
import type { UndoScope } from '../store/undos.ts';
import type { MappingDesk } from './mapping-desk/mapping-desk.ts';
import type { PortableReview } from './portable-review/portable-review.ts';
import type {
  Listed,
  Slice,
  ReviewQuery,
  MismatchQuery,
  JournalQuery,
  RunOptions,
  StartedRun,
  DoctorReport,
  DecideOptions,
} from './requests.ts';

/** The one service behind all hosts. Every method answers with values or a Problem; a broken invariant throws. */
export interface AppService {
  readonly workspace: { readonly name: string; readonly path: string; readonly demo: boolean };
  /** The addresses of both systems; none where there are no systems. */
  readonly urls: readonly string[];

  overview(): Promise<Overview>;
  check(): Promise<SystemHealth[]>;
  doctor(): Promise<DoctorReport>;
  /** What both systems can do, seen on one named pair; writes only where its id was typed twice (2.4). */
  prove(options: ProveOptions): Promise<Result<Proofs, Problem>>;
  /** Reads both systems in full and compares every linked pair; writes nothing anywhere. Fails with `busy` during a run. */
  audit(options: AuditOptions): Promise<Result<AuditReport, Problem>>;

  /** Fails with kind `busy` when another run holds the workspace, here or in another process. */
  startRun(options: RunOptions): Promise<Result<StartedRun, Problem>>;
  /** Asks the run of this process to finish what is under way; false when there is none. */
  stop(): boolean;
  running(): Progress | null;
  /** The newest progress, sampled; null when no run is under way. Ends when the signal fires. */
  progress(signal: AbortSignal | undefined): AsyncGenerator<Progress | null, void, void>;

  changes(query: ReviewQuery, slice: Slice): Promise<Listed<ChangeRow>>;
  change(id: number): Promise<Result<z.output<typeof ChangeDetail>, Problem>>;
  bulkSummary(query: ReviewQuery): Promise<BulkSummary>;
  decideChanges(
    ids: readonly number[],
    take: 'approve' | 'reject' | 'later',
    group?: string,
  ): Promise<z.output<typeof DecisionOutcome>>;
  /** Decides all that match. Fails with kind `countDiffers` when `confirmCount` is not their number (S1, V3). */
  decideAllChanges(
    query: ReviewQuery,
    take: 'approve' | 'reject',
    confirmCount: number,
  ): Promise<Result<z.output<typeof DecisionOutcome>, Problem>>;

  mismatches(query: MismatchQuery, slice: Slice): Promise<Listed<MismatchRow>>;
  mismatchCounts(): Promise<{ flow: Flow; kind: MismatchKind; count: number }[]>;
  mismatch(id: number): Promise<Result<z.output<typeof MismatchDetail>, Problem>>;
  /** What one way out for all that match would decide (V3). */
  mismatchSummary(query: MismatchQuery): Promise<MismatchSummary>;
  /** Decides all that match. Fails with kind `countDiffers` when `confirmCount` is not their number (V3). */
  decideAllMismatches(
    query: MismatchQuery,
    take: Take,
    confirmCount: number,
  ): Promise<Result<z.output<typeof DecisionOutcome>, Problem>>;
  decideMismatches(ids: readonly number[], options: DecideOptions): Promise<z.output<typeof DecisionOutcome>>;

  records(
    query: {
      flow?: Flow | undefined;
      side?: Side | undefined;
      linked?: boolean | undefined;
      find?: string | undefined;
    },
    slice: Slice,
  ): Promise<Listed<RecordRow>>;
  record(flow: Flow, side: Side, nativeId: string): Promise<Result<z.output<typeof RecordDetail>, Problem>>;

  /** The timeline of a record and its pair, and where its values come from. Fails with `notFound` for a flow that is off. */
  recordHistory(flow: Flow, side: Side, nativeId: string): Promise<Result<RecordHistory, Problem>>;

  /** The rows of workspace.yaml: looked at, tried, checked, saved. */
  readonly mapping: Pick<MappingDesk, 'get' | 'lint' | 'readSchemas' | 'try' | 'check' | 'save'>;
  /** The checklist of the dataflow document, put to the test on named records (7.6). */
  readonly checklists: Pick<ChecklistDesk, 'view' | 'start' | 'restore'>;

  link(flow: Flow, customerpId: string, tidsbankenId: string): Promise<Result<{ linkId: number }, Problem>>;
  /** Links the two; the link that one of them has to another record ends in the same step. */
  relink(flow: Flow, customerpId: string, tidsbankenId: string): Promise<Result<{ linkId: number }, Problem>>;
  /** A record without a link that nobody is to be asked about, or is to be asked about again. */
  setAside(flow: Flow, side: Side, nativeId: string, aside: boolean): Promise<Result<{ aside: boolean }, Problem>>;
  unlink(linkId: number): Promise<Result<{ linkId: number }, Problem>>;
  /** Narrows the direction of one link; `off` pauses it, `both` resumes it (D6). */
  setDirection(linkId: number, direction: Direction): Promise<Result<{ linkId: number }, Problem>>;
  /** The link of a pair or of one of its records, for the CLI. */
  findLink(flow: Flow, nativeId: string): Promise<Result<{ linkId: number }, Problem>>;

  /** 7.5: what taking it back would come to; writes nothing. Fails with `notFound`, or `refused` for a change never written. */
  undoPreview(scope: UndoScope): Promise<Result<UndoSummary, Problem>>;
  /** Rows of that preview; made anew when the last one was of another scope. */
  undoRows(scope: UndoScope, outcome: UndoRow['outcome'], slice: Slice): Promise<Result<Listed<UndoRow>, Problem>>;
  /** Proposes what can be taken back, each change for a person's review. Fails with `busy` while a run is under way. */
  proposeUndo(scope: UndoScope): Promise<Result<UndoProposed, Problem>>;

  runs(slice: Slice): Promise<Listed<RunView>>;
  /** Null when there is no such run. */
  run(id: number): Promise<RunView | null>;
  journal(query: JournalQuery, slice: Slice): Promise<Listed<JournalRow>>;
  /** How often each event happened, in one run or in all. */
  journalSummary(runId?: number): Promise<Record<string, number>>;
  backUp(file: string): Promise<Result<{ path: string }, Problem>>;

  /** Plans and decisions that travel as a file. */
  readonly portable: PortableReview;

  close(): Promise<void>;
}
