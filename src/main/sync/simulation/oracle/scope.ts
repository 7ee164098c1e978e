import { SIDES, otherSide } from '../../../../shared/domain.ts';
import type { Kind, Side } from '../../../../shared/domain.ts';
import { atPath } from '../../../../shared/json.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { StoredChange } from '../../../store/changes.ts';
import type { StoredLink } from '../../../store/links.ts';
import { textOf } from '../values.ts';
import type { Check, Report } from './report.ts';
import { idIn } from './view.ts';
import type { View } from './view.ts';

/** Judges what a filter leaves out (C7), by what the records themselves hold where the filter looks. */
export class Scope {
  readonly #view: View;
  readonly #report: Report;

  constructor(view: View, report: Report) {
    this.#view = view;
    this.#report = report;
  }

  /** The worlds' filters have one condition: no such text in one field. */
  isOut(side: Side, kind: Kind, raw: JsonObject | null): boolean {
    const { mapping, properties } = this.#view.flow(kind);
    const [condition] = mapping.filter?.[side] ?? [];
    if (condition === undefined || raw === null) return false;
    const path = condition.field ?? properties.find((p) => p.name === condition.property)?.[side] ?? '';
    return condition.isNot?.includes(textOf(atPath(raw, path))) === true;
  }

  /** Before a write leaves: neither side was out when it was last read for it. */
  checkWrite(change: StoredChange, since: Readonly<Record<Side, number>>, check: Check): void {
    for (const side of SIDES) {
      const nativeId = idIn(change, side);
      if (nativeId === null || this.#wasEdited(side, change.kind, nativeId, since[side])) continue;
      const isOut = this.isOut(side, change.kind, this.#view.fakes.of(side).peek(change.kind, nativeId));
      const what = (): string =>
        `change ${String(change.id)} was written, and the filter leaves out ${side} ${nativeId}`;
      check(!isOut, 'C7', what);
    }
  }

  /** A pair of which the filter leaves out either side: nothing is found, proposed or ended about it. */
  isPairOut(link: StoredLink): boolean {
    return SIDES.some((side) =>
      this.isOut(side, link.kind, this.#view.fakes.of(side).peek(link.kind, idIn(link, side))),
    );
  }

  /** A record that is gone, and that the filter left out at some time before. */
  wasOutBeforeGone(side: Side, link: StoredLink): boolean {
    if (!this.#isGone(side, link)) return false;
    return this.#view
      .heldOf(side, link.kind, idIn(link, side))
      .some(({ deed }) => this.isOut(side, link.kind, deed.after));
  }

  async checkPair(link: StoredLink): Promise<void> {
    this.#report.marks.add('check:out of scope');
    const { mismatches, changes, records } = this.#view.fakes.store;
    const found = await mismatches.openOfLinks([link.id]);
    const waiting = (await changes.openOfLink(link.id)).filter(
      ({ state }) => state === 'planned' || state === 'approved',
    );
    const check = this.#report.about({ side: 'customerp', kind: link.kind, nativeId: link.customerpId });
    check(found.length === 0, 'C7', () => `${found[0]?.mismatch ?? ''} is told of a pair that takes no part`);
    check(waiting.length === 0, 'C7', () => `change ${String(waiting[0]?.id)} waits for a pair that takes no part`);
    for (const side of SIDES) {
      const stored = await records.get(link.kind, side, idIn(link, side));
      check(
        stored === null || stored.missingSince === null || this.#isGone(side, link),
        'C7',
        () => 'it counts as gone',
      );
    }
  }

  #isGone = (side: Side, link: StoredLink): boolean =>
    this.#view.fakes.of(side).peek(link.kind, idIn(link, side)) === null;

  /** A record without a partner that is left out gets none. */
  async checkAlone(side: Side, kind: Kind, nativeId: string): Promise<void> {
    if (!this.isOut(side, kind, this.#view.fakes.of(side).peek(kind, nativeId))) return;
    this.#report.marks.add('check:out of scope');
    const stored = await this.#view.fakes.store.records.get(kind, side, nativeId);
    const open = await this.#view.fakes.store.changes.openOfRecord(kind, side, nativeId);
    const check = this.#report.about({ side, kind, nativeId });
    const isCreated = open.some(({ op, state }) => op === 'create' && (state === 'planned' || state === 'approved'));
    check(
      !isCreated,
      'C7',
      () => `a counterpart of it is proposed in ${otherSide(side)}, and the filter leaves it out`,
    );
    check(stored?.bucket !== 'proposed', 'C7', () => `it is in the bucket ${stored?.bucket ?? ''}`);
  }

  #wasEdited = (side: Side, kind: Kind, nativeId: string, since: number): boolean =>
    this.#view.heldOf(side, kind, nativeId).some(({ seq }) => seq >= since);
}
