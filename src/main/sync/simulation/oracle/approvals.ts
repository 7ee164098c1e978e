import { KINDS } from '../../../../shared/domain.ts';
import type { GroupChange } from '../../../../shared/domain.ts';
import type { StoredChange } from '../../../store/changes.ts';
import type { Check, Report } from './report.ts';
import type { View } from './view.ts';
import { openChanges } from '../../../store/open-items.fixture.ts';

/** Approvals lapse after so long (V2). */
const LAPSE_MS = 7 * 24 * 3_600_000;

/** Who approved what, as it was seen to be approved (I14, D3, V2). */
export class Approvals {
  readonly #view: View;
  readonly #report: Report;
  readonly #byPerson = new Set<string>();
  readonly #byRule = new Set<string>();

  constructor(view: View, report: Report) {
    this.#view = view;
    this.#report = report;
  }

  /** After a restore nothing is approved any more (section 10). */
  forget(): void {
    this.#byPerson.clear();
    this.#byRule.clear();
  }

  /** Every group that is approved now and was not before, was approved by a person's decision between runs. */
  async personDecided(): Promise<void> {
    for (const kind of KINDS)
      for (const change of await openChanges(this.#view.fakes.store, kind))
        for (const group of change.groups) if (group.approved) this.#byPerson.add(printOf(change, group));
  }

  async approving(items: readonly { id: number; groups: readonly string[] }[], by: string): Promise<void> {
    const isRule = by.startsWith('rule:');
    for (const item of items) {
      const change = await this.#view.fakes.store.changes.get(item.id);
      if (change === null) continue;
      this.#report.about(null)(change.origin !== 'undo', '7.5', () => `a run approved undo ${String(change.id)}`);
      for (const group of change.groups.filter((g) => item.groups.includes(g.group))) {
        if (!isRule) this.#byPerson.add(printOf(change, group));
        else {
          this.#byRule.add(printOf(change, group));
          this.#checkAutomatic(change, group);
        }
      }
    }
  }

  /** What a run asks for in the name of the person who named the records (7.6). */
  deciding(change: Pick<StoredChange, 'target' | 'groups'>): void {
    for (const group of change.groups) this.#byPerson.add(printOf(change, group));
  }

  /** S1 and S7 are passed by a person only (section 13). */
  isByPerson(change: StoredChange): boolean {
    return change.groups.filter((g) => g.approved).every((group) => this.#byPerson.has(printOf(change, group)));
  }

  /** I14: what is written was approved, as it is; V2: and not too long ago. */
  checkWrite(change: StoredChange, check: Check): void {
    for (const group of change.groups.filter((g) => g.approved || change.op === 'create')) {
      const print = printOf(change, group);
      const isApproved = this.#byPerson.has(print) || this.#byRule.has(print);
      check(isApproved, 'I14', () => `${group.group} of change ${String(change.id)} was approved by nobody`);
    }
    if (change.approvedAt === null) return;
    const age = this.#view.fakes.clock.now() - change.approvedAt;
    check(age <= LAPSE_MS, 'V2', () => `the approval of change ${String(change.id)} is older than seven days`);
  }

  /** D3: what a rule may approve by itself. */
  #checkAutomatic(change: StoredChange, group: GroupChange): void {
    const flow = this.#view.flow(change.kind);
    const isLifecycle = flow.groups.some((g) => g.lifecycle && g.name === group.group);
    const isFine =
      change.op === 'create'
        ? flow.mapping.create[change.target].automatic
        : ['R7', 'R8'].includes(group.row) && !isLifecycle && group.members.some((m) => m.desired !== null);
    const what = (): string => `a rule approved ${group.group} (${group.row}) of change ${String(change.id)}`;
    this.#report.about(null)(isFine, 'D3', what);
  }
}

const printOf = (change: Pick<StoredChange, 'target'>, group: GroupChange): string =>
  `${change.target}:${group.fingerprint}`;
