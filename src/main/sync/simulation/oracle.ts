import type { Kind, Side } from '../../../shared/domain.ts';
import type {
  CollectRequest,
  CreateRequest,
  RawRecord,
  UpdateRequest,
  WriteResult,
} from '../../connectors/connector.ts';
import type { BaseMove } from '../../store/bases.ts';
import type { NewChange } from '../../store/changes.ts';
import type { Restore } from '../../store/checklists.ts';
import type { StoredLink } from '../../store/links.ts';
import type { DraftPage } from '../../store/plan-drafts.ts';
import type { RecordRef } from '../../store/runs.ts';
import type { Fakes, RanOnFakes } from '../testing/run-on-fakes.ts';
import type { Marks } from './marks.ts';
import { Approvals } from './oracle/approvals.ts';
import { Bases } from './oracle/bases.ts';
import { Checklists } from './oracle/checklists.ts';
import { Creation } from './oracle/creation.ts';
import { Ends } from './oracle/ends.ts';
import { Landed } from './oracle/landed.ts';
import { Narrowed } from './oracle/narrowed.ts';
import { Report } from './oracle/report.ts';
import type { Violation } from './oracle/report.ts';
import { Runs } from './oracle/runs.ts';
import { Scope } from './oracle/scope.ts';
import { Telling } from './oracle/telling.ts';
import { Undos } from './oracle/undos.ts';
import { View } from './oracle/view.ts';
import { Writes } from './oracle/writes.ts';

export type { Violation } from './oracle/report.ts';

/**
 * Judges what the engine does from the systems' own histories, the requests and the store, by the invariants of section
 * 14. Knows nothing of how the engine comes to its decisions. Each judge looks at one part; this one hands them what
 * the world tells.
 */
export class Oracle {
  readonly #view: View;
  readonly #report: Report;
  readonly #approvals: Approvals;
  readonly #writes: Writes;
  readonly #bases: Bases;
  readonly #runs: Runs;
  readonly #landed: Landed;
  readonly #ends: Ends;
  readonly #telling: Telling;
  readonly #undos: Undos;
  readonly #narrowed: Narrowed;
  readonly #checklists: Checklists;
  readonly #creation: Creation;
  /** What the plan under way proposes. */
  #drafted: NewChange[] = [];

  constructor(fakes: Fakes, marks: Marks) {
    this.#view = new View(fakes);
    this.#report = new Report(marks);
    this.#approvals = new Approvals(this.#view, this.#report);
    this.#undos = new Undos(this.#view, this.#approvals);
    this.#narrowed = new Narrowed(this.#view, this.#report);
    this.#checklists = new Checklists(this.#view, this.#report);
    const scope = new Scope(this.#view, this.#report);
    this.#creation = new Creation(this.#view, this.#report, scope);
    this.#writes = new Writes(this.#view, this.#report, {
      approvals: this.#approvals,
      undos: this.#undos,
      narrowed: this.#narrowed,
      checklists: this.#checklists,
      scope,
      creation: this.#creation,
    });
    this.#bases = new Bases(this.#view, this.#report);
    this.#runs = new Runs(this.#view, this.#report, this.#writes, this.#approvals);
    this.#landed = new Landed(this.#view, this.#report, this.#writes);
    this.#ends = new Ends(this.#view, this.#report, scope, this.#creation);
    this.#telling = new Telling(this.#view, this.#report);
  }

  get violations(): readonly Violation[] {
    return this.#report.violations;
  }

  get step(): number {
    return this.#report.step;
  }

  set step(step: number) {
    this.#report.step = step;
  }

  // What happens outside the engine.

  clockTurnedBack(ms: number): void {
    this.#view.turnedBackMs += ms;
  }

  /** Something will come short, or did, and nothing can tell until the next full reading. */
  lostSilently(side: Side, kind: Kind): void {
    this.#runs.lostSilently(side, kind);
  }

  remapped(kind: Kind, group: string): void {
    this.#runs.remapped(kind, group);
  }

  /** Another store is in the place of the one before: its numbers mean other things, and nothing is approved any more. */
  restored(): void {
    this.#view.epoch += 1;
    this.#view.forgetLinks();
    this.#approvals.forget();
    this.#runs.restored();
  }

  /** Z10: something about a backup or a migration. */
  backedUp(holds: boolean, what: string): void {
    this.#report.about(null)(holds, 'Z10', () => what);
  }

  /** I10 and I17, as tried on copies. */
  probed(holds: boolean, rule: 'I10' | 'I17', what: () => string): void {
    this.#report.about(null)(holds, rule, what);
  }

  async personDecided(): Promise<void> {
    this.#view.forgetLinks();
    await this.#approvals.personDecided();
  }

  // What the engine does.

  /** `only`: the record that the run is narrowed to. */
  async beginRun(mode: string, only: RecordRef | null): Promise<void> {
    this.#writes.beginRun(mode);
    this.#checklists.beginRun(false, null);
    await this.#narrowed.begin(only);
  }

  /** The run does nothing but a checklist, on this pair or on those that an earlier one has left (7.6). */
  beginChecklist(named: StoredLink | null): void {
    this.#checklists.beginRun(true, named);
  }

  /** Both in a checklist only: what is asked for, and what is approved, in the name of the person who named the records. */
  deciding(change: NewChange): void {
    if (this.#checklists.isUnderWay) this.#approvals.deciding(change);
  }

  async approvingOne(id: number): Promise<void> {
    const change = this.#checklists.isUnderWay ? await this.#view.fakes.store.changes.get(id) : null;
    if (change !== null) this.#approvals.deciding(change);
  }

  testBeginning(restore: Omit<Restore, 'id' | 'begunAt'>): Promise<void> {
    return this.#checklists.beginning(restore);
  }

  testEnding(id: number): Promise<void> {
    return this.#checklists.ending(id);
  }

  /** A plan begins: what an earlier one has drafted counts no more. */
  planBeginning(): void {
    this.#drafted = [];
  }

  drafting({ changes }: DraftPage): void {
    this.#drafted.push(...changes);
  }

  /** Right before a plan is kept. */
  planning(): Promise<void> {
    const drafted = this.#drafted;
    this.#drafted = [];
    return this.#creation.planning(drafted);
  }

  /** A write that leaves though the operator has said *Stop* while the run was waiting. */
  leftAfterStop(name: string): void {
    this.#report.about(null)(false, 'Stop', () => `a ${name} left after Stop was said`);
  }

  /** Links were made, ended or narrowed, or may have been. */
  linksMade(): void {
    this.#view.forgetLinks();
  }

  approving(items: readonly { id: number; groups: readonly string[] }[], by: string): Promise<void> {
    return this.#approvals.approving(items, by);
  }

  baseMoving(move: BaseMove): Promise<void> {
    return this.#bases.moving(move);
  }

  verifying(changeId: number): Promise<void> {
    return this.#undos.verifying(changeId);
  }

  beforeWrite(side: Side, op: 'create' | 'update', request: CreateRequest | UpdateRequest): Promise<void> {
    return this.#writes.beforeWrite(side, op, request);
  }

  afterWrite(request: CreateRequest | UpdateRequest, result: WriteResult): void {
    this.#writes.afterWrite(request, result);
  }

  pageSeen(side: Side, request: CollectRequest, records: readonly RawRecord[]): void {
    const { kind } = request;
    this.#writes.pageCame(side, request);
    // Without point reads, a page is how a record is read (2.4).
    for (const record of records) this.afterRead(side, kind, record.nativeId, record);
    this.#runs.pageSeen(side, kind, records);
  }

  found(side: Side, kind: Kind, records: readonly RawRecord[]): void {
    for (const record of records) this.#view.show(side, kind, record);
  }

  /** `record`: null when it is not there, or could not be read. */
  afterRead(side: Side, kind: Kind, nativeId: string, record: RawRecord | null): void {
    if (record !== null) this.#view.show(side, kind, record);
    this.#writes.afterRead(side, kind, nativeId, record);
  }

  /** Once a run has come to its end; one that died has none. */
  async endRun(ran: RanOnFakes, requests: number, told: readonly string[]): Promise<void> {
    await this.#runs.ended(ran, requests);
    await this.#narrowed.ended();
    await this.#bases.checkPairs();
    this.#telling.said(ran, told);
  }

  /** Whatever the systems do, a run comes to an end of its own. */
  threw(what: string): void {
    this.#report.about(null)(false, 'throws', () => what);
  }

  // What it has come to.

  /** A healed world, after a last run that sent and proposed so much. */
  async converged(sent: number, proposed: number): Promise<void> {
    this.#view.forgetLinks();
    this.#ends.checkQuiet(sent, proposed);
    await this.#ends.check();
  }

  async atEnd(): Promise<void> {
    this.#view.forgetLinks();
    this.#landed.check();
    await this.#bases.checkPairs();
    await this.#bases.atEnd();
    await this.#checklists.atEnd();
    await this.#telling.atEnd();
  }
}
