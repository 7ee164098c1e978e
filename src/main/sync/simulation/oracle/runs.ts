import type { Kind, Props, Side } from '../../../../shared/domain.ts';
import type { RawRecord } from '../../../connectors/connector.ts';
import type { RanOnFakes } from '../../testing/run-on-fakes.ts';
import { idOf } from '../outside.ts';
import type { Approvals } from './approvals.ts';
import type { Report } from './report.ts';
import type { View } from './view.ts';
import type { Writes } from './writes.ts';

type Collected = RanOnFakes['collected'][number];

/** Judges each run once it has come to its end: I5, I13, I20, I21 and T4. */
export class Runs {
  readonly #view: View;
  readonly #report: Report;
  readonly #writes: Writes;
  readonly #approvals: Approvals;
  readonly #seenUpTo = new Map<string, number>();
  readonly #watermarks = new Map<string, number>();
  readonly #lostIn = new Set<string>();

  constructor(view: View, report: Report, writes: Writes, approvals: Approvals) {
    this.#view = view;
    this.#report = report;
    this.#writes = writes;
    this.#approvals = approvals;
  }

  /** A restore sets the watermarks back (T2). */
  forget(): void {
    this.#watermarks.clear();
  }

  pageSeen(side: Side, kind: Kind, records: readonly RawRecord[]): void {
    const key = `${side}:${kind}`;
    for (const { modifiedAt } of records)
      if (modifiedAt !== null) this.#seenUpTo.set(key, Math.max(this.#seenUpTo.get(key) ?? 0, modifiedAt));
  }

  /** A page will come short and nothing can tell (no count): what was not seen proves nothing until the next full reading. */
  lostSilently(side: Side, kind: Kind): void {
    this.#lostIn.add(`${side}:${kind}`);
  }

  async ended(ran: RanOnFakes, requests: number): Promise<void> {
    this.#report.marks.add('check:run');
    const check = this.#report.about(null);
    const { inStep, proposed, mismatch, skipped, failed } = ran.buckets;
    const placed = inStep + proposed + mismatch + skipped + failed;
    if (ran.state === 'done')
      check(placed === ran.read, 'I5', () => `${String(ran.read)} were read, ${String(placed)} have a bucket`);
    for (const rail of ran.rails) this.#checkRail(rail);
    const records = this.#view.countRecords();
    check(requests <= 200 + 30 * records, 'I21', () => `${String(requests)} requests, ${String(records)} records`);
    for (const collected of ran.collected) await this.#checkCollected(collected);
  }

  #checkRail({ rail, kind, side }: RanOnFakes['rails'][number]): void {
    this.#report.marks.add(`rail:${rail}`);
    const written = this.#writes.inRun.filter(
      ({ change }) => change.kind === kind && (side === null || rail !== 'S1' || change.target === side),
    );
    const unseen = written.filter(({ change }) => /^S[236]/.test(rail) || !this.#approvals.isByPerson(change));
    const what = (): string => `rail ${rail} tripped for ${kind}, and ${unseen[0]?.changeKey ?? ''} was written`;
    this.#report.about(null)(unseen.length === 0, 'I13', what);
  }

  /** I20, T4: the watermark runs ahead of nothing, and what is stored is what is there. */
  async #checkCollected({ side, kind, complete, mode }: Collected): Promise<void> {
    const key = `${side}:${kind}`;
    const check = this.#report.about(null);
    const mark = (await this.#view.fakes.store.records.watermark(side, kind))?.modifiedAt ?? null;
    if (mark !== null) {
      check(mark <= (this.#seenUpTo.get(key) ?? 0), 'I20', () => `the watermark of ${key} is later than anything seen`);
      check(mark >= (this.#watermarks.get(key) ?? 0), 'I20', () => `the watermark of ${key} went back`);
      this.#watermarks.set(key, mark);
    }
    if (!complete) return;
    if (!this.#lostIn.has(key) && !this.#isBeyondOverlap(side)) await this.#checkStored(side, kind, mode);
    if (mode === 'full') this.#lostIn.delete(key);
  }

  /** What was edited while the clock stood further back than a delta reaches is found by the next full reading only (T1). */
  #isBeyondOverlap(side: Side): boolean {
    return this.#view.turnedBackMs > this.#view.fakes.settings.overlapMs[side];
  }

  async #checkStored(side: Side, kind: Kind, mode: string): Promise<void> {
    const from = this.#writes.historyAtBegin(side);
    for (const raw of this.#view.fakes.of(side).all(kind)) {
      const nativeId = idOf(side, raw);
      if ((this.#view.heldOf(side, kind, nativeId).at(-1)?.seq ?? 0) >= from) continue;
      this.#report.marks.add('check:stored');
      const check = this.#report.about({ side, kind, nativeId });
      const stored = await this.#view.fakes.store.records.get(kind, side, nativeId);
      check(stored !== null, 'I20', () => 'it was passed over');
      if (stored === null) continue;
      check(stored.missingSince === null, 'T4', () => `a ${mode} reading took it for missing, and it is there`);
      const isLatest = sameProps(stored.props, this.#view.read(side, kind, raw));
      if (stored.missingSince === null) check(isLatest, 'I20', () => 'its last edit was passed over');
    }
  }
}

const sameProps = (a: Props, b: Props): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => a[name] === b[name]);
