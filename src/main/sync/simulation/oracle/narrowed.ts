import { KINDS, SIDES, otherSide } from '../../../../shared/domain.ts';
import type { Kind, Side } from '../../../../shared/domain.ts';
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
  #own: readonly RecordRef[] = [];
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
    const other = otherSide(side);
    this.#own = link === null ? [only] : [only, { kind, side: other, nativeId: idIn(link, other) }];
    this.#before = await this.#concluded();
  }

  checkWrite(change: StoredChange, check: Check): void {
    if (this.#only === null) return;
    this.#report.marks.add('only:written');
    const isOwn = this.#own.some(({ kind, side, nativeId }) => kind === change.kind && nativeId === idIn(change, side));
    const names = this.#own.map(({ kind, side, nativeId }) => keyOf(side, kind, nativeId));
    const what = (): string =>
      `change ${String(change.id)} of ${change.label} was written in a run of ${names.join(' and ')}`;
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

  /** What only a reading of everything may change; of the record itself it is known whether it is there. */
  async #concluded(): Promise<string> {
    const { collections, links } = this.#view.fakes.store;
    const facts: unknown[] = [];
    for (const kind of KINDS)
      for (const side of SIDES) {
        const mark = await collections.watermark(side, kind);
        const missing = (await links.countMissing(kind, side)) - (await this.#ownMissing(kind, side));
        facts.push(`${side} ${kind}`, missing, mark?.modifiedAt ?? null);
      }
    const matched = (await this.#view.links()).filter(({ origin }) => origin === 'matched').length;
    return JSON.stringify([matched, ...facts]);
  }

  async #ownMissing(kind: Kind, side: Side): Promise<number> {
    const own = this.#own.find((record) => record.kind === kind && record.side === side);
    const record = own === undefined ? null : await this.#view.fakes.store.records.get(kind, side, own.nativeId);
    const isCounted =
      record !== null &&
      record.missingSince !== null &&
      (await this.#view.linkOf(side, kind, record.nativeId)) !== null;
    return isCounted ? 1 : 0;
  }
}
