import { KINDS, SIDES, otherSide } from '../../../../shared/domain.ts';
import type { StoredChange } from '../../../store/changes.ts';
import type { RecordRef } from '../../../store/runs.ts';
import type { Check, Report } from './report.ts';
import { idIn, keyOf } from './view.ts';
import type { View } from './view.ts';

/** Judges runs narrowed to one record: they write no other one, match nothing and prove no absence (T4). */
export class Narrowed {
  readonly #view: View;
  readonly #report: Report;
  #only: RecordRef | null = null;
  /** The record and its partner, as the run began. */
  #own: ReadonlySet<string> = new Set();
  #before = '';

  constructor(view: View, report: Report) {
    this.#view = view;
    this.#report = report;
  }

  async begin(only: RecordRef | null): Promise<void> {
    this.#only = only;
    if (only === null) return;
    const { kind, side, nativeId } = only;
    const link = await this.#view.linkOf(side, kind, nativeId);
    const partner = link === null ? [] : [keyOf(otherSide(side), kind, idIn(link, otherSide(side)))];
    this.#own = new Set([keyOf(side, kind, nativeId), ...partner]);
    this.#before = await this.#concluded();
  }

  checkWrite(change: StoredChange, check: Check): void {
    if (this.#only === null) return;
    this.#report.marks.add('only:written');
    const isOwn = SIDES.some((side) => this.#own.has(keyOf(side, change.kind, idIn(change, side) ?? '')));
    const what = (): string =>
      `change ${String(change.id)} of ${change.label} was written in a run of ${[...this.#own].join(' and ')}`;
    check(isOwn, 'T4', what);
  }

  async ended(): Promise<void> {
    if (this.#only === null) return;
    this.#report.marks.add('only:run');
    const now = await this.#concluded();
    const what = (): string => `a run of one record has concluded something: ${this.#before} became ${now}`;
    this.#report.about(this.#only)(now === this.#before, 'T4', what);
    this.#only = null;
  }

  /** What only a reading of everything may change. */
  async #concluded(): Promise<string> {
    const { collections, links } = this.#view.fakes.store;
    const facts: unknown[] = [];
    for (const kind of KINDS)
      for (const side of SIDES) {
        const mark = await collections.watermark(side, kind);
        facts.push(`${side} ${kind}`, await links.countMissing(kind, side), mark?.modifiedAt ?? null);
      }
    const matched = (await this.#view.links()).filter(({ origin }) => origin === 'matched').length;
    return JSON.stringify([matched, ...facts]);
  }
}
