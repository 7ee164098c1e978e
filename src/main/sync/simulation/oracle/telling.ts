import type { RanOnFakes } from '../../testing/run-on-fakes.ts';
import { SECRET } from '../values.ts';
import type { Report } from './report.ts';
import type { View } from './view.ts';

/** Judges what is kept and told: I19 and I22. */
export class Telling {
  readonly #view: View;
  readonly #report: Report;

  constructor(view: View, report: Report) {
    this.#view = view;
    this.#report = report;
  }

  /** I19: what a run said to people, problems and progress. */
  said(ran: Pick<RanOnFakes, 'problems'>, told: readonly string[]): void {
    const isClean = !JSON.stringify(ran.problems).includes(SECRET) && !told.some((line) => line.includes(SECRET));
    this.#report.about(null)(isClean, 'I19', () => 'a problem or a line of progress tells a sensitive value');
  }

  /** I22, and I19 for everything that the store holds, the journal among it. */
  async atEnd(): Promise<void> {
    const { store } = this.#view.fakes;
    const check = this.#report.about(null);
    const broken = await store.journal.firstBrokenRow();
    check(broken === null, 'I22', () => `row ${String(broken)} of the journal does not follow`);
    const { rows } = await store.journal.list({}, 0, 1_000_000);
    this.#report.marks.add('check:journal rows', rows.length);
    const bytes = await this.#view.fakes.bytesOfStore();
    check(!bytes.includes(SECRET), 'I19', () => 'the store holds a sensitive value');
  }
}
