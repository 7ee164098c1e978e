import type { RunView } from '../../shared/contract/views.ts';
import type { Approval, ChangeOp, Flow, MismatchKind, Problem, Side, Take } from '../../shared/domain.ts';
import type { StoreHealth } from './health/health.ts';

/** What is asked of the service, and how lists are answered. */

export interface Listed<T> {
  readonly total: number;
  readonly rows: T[];
}
export interface Slice {
  readonly offset: number;
  readonly limit: number;
}
export interface ReviewQuery {
  readonly flow?: Flow | undefined;
  readonly target?: Side | undefined;
  readonly op?: ChangeOp | undefined;
  readonly show?: 'waiting' | 'approved' | 'held' | 'open' | undefined;
  readonly find?: string | undefined;
}

export interface MismatchQuery {
  readonly flow?: Flow | undefined;
  readonly kind?: MismatchKind | undefined;
  readonly find?: string | undefined;
}
export interface JournalQuery {
  readonly runId?: number | undefined;
  /** An item such as `change:12`, or the native id of a record. */
  readonly item?: string | undefined;
  /** Only these events. */
  readonly events?: readonly string[] | undefined;
}

export interface RunOptions {
  /** `plan`: collect to review, write nothing. `sync`: the whole pass. `apply`: only what is approved. */
  readonly do: 'plan' | 'sync' | 'apply';
  readonly approve: Approval;
  readonly flows?: readonly Flow[] | undefined;
  readonly full?: boolean | undefined;
  readonly wait?: boolean | undefined;
  /** Narrows the run to this record and its pair; its flow is the only one, whatever `flows` says. */
  readonly only?: { readonly flow: Flow; readonly side: Side; readonly nativeId: string } | undefined;
}

export interface StartedRun {
  readonly runId: number;
  /** Resolves when the run has ended, however it ended. */
  readonly ended: Promise<RunView>;
}

export interface DoctorReport {
  readonly ok: boolean;
  readonly systems: readonly { side: Side; ok: boolean; findings: readonly string[]; problem: Problem | null }[];
  readonly store: StoreHealth;
  /** Test values of checklists that may still stand (7.6). */
  readonly unfinished: readonly Problem[];
  /** Rows with personal data that wait for a person's yes; null: none. It is no fault of anything. */
  readonly held: Problem | null;
}

export interface DecideOptions {
  readonly take: Take;
  readonly group?: string | undefined;
  readonly linkTo?: string | undefined;
}
