import { KINDS, SIDES } from '../../../../shared/domain.ts';
import type { StoredChange } from '../../../store/changes.ts';
import type { Kind, Props, Side } from '../../../../shared/domain.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { RawRecord } from '../../../connectors/connector.ts';
import type { RanOnFakes } from '../../testing/run-on-fakes.ts';
import { idOf } from '../values.ts';
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
  /** What nobody has been shown yet: groups of a kind, or all of it. */
  readonly #unseen = new Map<Kind, Set<string> | 'all'>();
  /** Versions of the mappings under which a run has shown everything. */
  readonly #shownUnder = new Map<Kind, string>();

  constructor(view: View, report: Report, writes: Writes, approvals: Approvals) {
    this.#view = view;
    this.#report = report;
    this.#writes = writes;
    this.#approvals = approvals;
  }

  /** A restore sets the watermarks back (T2), and the next run of everything is a preview (S7). */
  restored(): void {
    this.#watermarks.clear();
    for (const kind of KINDS) this.#unseen.set(kind, 'all');
  }

  /** What was agreed under another mapping is only shown, until a run has shown it (S5, S7). */
  remapped(kind: Kind, group: string): void {
    const before = this.#unseen.get(kind);
    // Changed back before any run: nothing is new.
    const isAsShown = this.#shownUnder.get(kind) === this.#view.flow(kind).version;
    if (before !== 'all' && isAsShown) this.#unseen.delete(kind);
    else if (before !== 'all') this.#unseen.set(kind, new Set([...(before ?? []), group]));
  }

  pageSeen(side: Side, kind: Kind, records: readonly RawRecord[]): void {
    const key = `${side}:${kind}`;
    for (const { modifiedAt } of records)
      if (modifiedAt !== null) this.#seenUpTo.set(key, Math.max(this.#seenUpTo.get(key) ?? 0, modifiedAt));
  }

  /** Something will come short, or did, and nothing can tell: what was not seen proves nothing until the next full reading. */
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
    this.#checkUnseen(ran);
    const records = this.#view.countRecords();
    check(requests <= 200 + 30 * records, 'I21', () => `${String(requests)} requests, ${String(records)} records`);
    for (const collected of ran.collected) await this.#checkCollected(collected);
  }

  /** S7: nothing that no person has approved since. */
  #checkUnseen(ran: RanOnFakes): void {
    for (const [kind, groups] of this.#unseen) {
      const written = this.#writes.inRun.filter(
        ({ change }) =>
          change.kind === kind &&
          (groups === 'all' ||
            (change.op !== 'create' && change.groups.some((g) => g.approved && groups.has(g.group)))),
      );
      const alone = written.find(({ change }) => !this.#approvals.isByPerson(change));
      const what = (): string =>
        `${alone?.changeKey ?? ''} was written before anybody had seen what changed for ${kind}`;
      this.#report.about(null)(alone === undefined, 'S7', what);
    }
    for (const kind of ran.state === 'done' ? KINDS : []) {
      const wasRead = (side: Side): boolean =>
        ran.collected.some((c) => c.kind === kind && c.side === side && c.complete);
      if (!SIDES.every(wasRead)) continue;
      this.#unseen.delete(kind);
      this.#shownUnder.set(kind, this.#view.flow(kind).version);
    }
  }

  #checkRail({ rail, kind, side, only }: RanOnFakes['rails'][number]): void {
    this.#report.marks.add(`rail:${rail}`);
    // S5, S7: after a changed mapping only what it touched is held.
    const isHeld = ({ op, groups }: StoredChange): boolean =>
      only === undefined || (op === 'create' ? only.creates : groups.some((g) => only.groups.includes(g.group)));
    const written = this.#writes.inRun.filter(
      ({ change }) =>
        change.kind === kind && (side === null || rail !== 'S1' || change.target === side) && isHeld(change),
    );
    const unseen = written.filter(({ change }) => /^S[236]/.test(rail) || !this.#approvals.isByPerson(change));
    const what = (): string => `rail ${rail} tripped for ${kind}, and ${unseen[0]?.changeKey ?? ''} was written`;
    this.#report.about(null)(unseen.length === 0, 'I13', what);
  }

  /** I20, T4: the watermark runs ahead of nothing, and what is stored is what is there. */
  async #checkCollected({ side, kind, complete, mode }: Collected): Promise<void> {
    const key = `${side}:${kind}`;
    const check = this.#report.about(null);
    const mark = (await this.#view.fakes.store.collections.watermark(side, kind))?.modifiedAt ?? null;
    if (mark !== null) {
      check(mark <= (this.#seenUpTo.get(key) ?? 0), 'I20', () => `the watermark of ${key} is later than anything seen`);
      check(mark >= (this.#watermarks.get(key) ?? 0), 'I20', () => `the watermark of ${key} went back`);
      this.#watermarks.set(key, mark);
    }
    if (!complete) return;
    if (!this.#lostIn.has(key)) await this.#checkStored(side, kind, mode, this.#reachOf(side, mode, mark));
    // A trick that nobody has fallen for yet still waits for the next reading.
    if (mode === 'full' && !this.#view.fakes.of(side).hasPageTrick(kind)) this.#lostIn.delete(key);
  }

  /** Where the clock was set back, a delta does not reach what was edited longer before the watermark than its overlap (T1). */
  #reachOf(side: Side, mode: string, mark: number | null): number {
    if (this.#view.turnedBackMs === 0 || mode === 'full' || mark === null) return -Infinity;
    return mark - this.#view.fakes.settings.overlapMs[side];
  }

  async #checkStored(side: Side, kind: Kind, mode: string, reach: number): Promise<void> {
    const from = this.#writes.historyAtBegin(side);
    const all = this.#view.fakes.of(side).all(kind);
    const ids = all.map((raw) => idOf(side, raw));
    const known = await this.#view.fakes.store.records.getMany(kind, side, ids);
    for (const raw of all) {
      const nativeId = idOf(side, raw);
      const last = this.#view.heldOf(side, kind, nativeId).at(-1);
      if ((last?.seq ?? 0) >= from || (last?.deed.at ?? 0) < reach) continue;
      this.#report.marks.add('check:stored');
      const check = this.#report.about({ side, kind, nativeId });
      const stored = known.get(nativeId);
      check(stored !== undefined, 'I20', () => 'it was passed over');
      if (stored === undefined) continue;
      check(stored.missingSince === null, 'T4', () => `a ${mode} reading took it for missing, and it is there`);
      const isLatest = sameProps(stored.props, this.#shownOf(side, kind, raw));
      if (stored.missingSince === null) check(isLatest, 'I20', () => 'its last edit was passed over');
    }
  }

  /** What the system shows of a record: no field that it withholds. */
  #shownOf(side: Side, kind: Kind, raw: JsonObject): Props {
    const withheld = this.#view.fakes.of(side).withheldOf(kind);
    const props = this.#view.read(side, kind, raw);
    if (withheld.size === 0) return props;
    const isShown = (name: string): boolean => !withheld.has(this.#view.flow(kind).property(name)?.[side] ?? '');
    return Object.fromEntries(Object.entries(props).filter(([name]) => isShown(name)));
  }
}

const sameProps = (a: Props, b: Props): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => a[name] === b[name]);
