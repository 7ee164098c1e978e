import { otherSide, SIDES } from '../../../../shared/domain.ts';
import type { GroupChange, MemberChange, Side } from '../../../../shared/domain.ts';
import { sameValue } from '../../../mapping/equality.ts';
import type { StoredChange } from '../../../store/changes.ts';
import type { Approvals } from './approvals.ts';
import type { Check } from './report.ts';
import { idIn } from './view.ts';
import type { View } from './view.ts';

/** Rows by which the sync carries over what one side changed. */
const CARRIES: ReadonlySet<string> = new Set(['R7', 'R8', 'R9', 'R10', 'R12']);

/** Judges what takes something back (7.5), and that it stays back as long as nobody edits either side. */
export class Undos {
  readonly #view: View;
  readonly #approvals: Approvals;
  /** Groups taken back, by epoch, link, target and name: how far both histories had come. */
  readonly #back = new Map<string, Readonly<Record<Side, number>>>();

  constructor(view: View, approvals: Approvals) {
    this.#view = view;
    this.#approvals = approvals;
  }

  /** Before a write leaves. */
  async checkWrite(change: StoredChange, check: Check): Promise<void> {
    if (change.origin === 'undo') await this.#checkUndo(change, check);
    else this.#checkStaysBack(change, check);
  }

  /** An undo lays down what a verified write of ours had overwritten, over just what that wrote; a person wanted it. */
  async #checkUndo(change: StoredChange, check: Check): Promise<void> {
    const name = `undo ${String(change.id)}`;
    check(this.#approvals.isByPerson(change), '7.5', () => `${name} was written, and no person approved it`);
    const before = (await this.#view.fakes.changes()).filter(
      (c) => c.id < change.id && c.linkId === change.linkId && c.target === change.target && c.state === 'verified',
    );
    for (const group of change.groups.filter((g) => g.approved)) {
      const isKnown = before.some((written) => this.#takesBack(change, group, written));
      check(isKnown, '7.5', () => `${name} writes ${group.group} = ${JSON.stringify(group.members)}, as it never was`);
    }
  }

  #takesBack({ kind }: StoredChange, { members }: GroupChange, written: StoredChange): boolean {
    const flow = this.#view.flow(kind);
    const { lifecycle } = flow.mapping;
    if (written.op === 'create')
      return members.every((m) => m.property === lifecycle?.property && m.desired === lifecycle.inactive);
    const had = new Map(written.groups.flatMap((g) => g.members).map((m) => [m.property, m]));
    const isBack = ({ property, expected, desired }: MemberChange): boolean => {
      const [was, compiled] = [had.get(property), flow.property(property)];
      if (was === undefined || compiled === undefined) return false;
      return was.expected === desired && sameValue(compiled, was.desired, expected);
    };
    return members.every(isBack);
  }

  /** W1, 7.5: the difference is accepted; without an edit on either side nothing is carried over what was taken back. */
  #checkStaysBack(change: StoredChange, check: Check): void {
    if (change.origin !== 'plan' || change.op === 'create') return;
    for (const group of change.groups.filter((g) => g.approved && CARRIES.has(g.row))) {
      const since = this.#back.get(this.#keyOf(change, change.target, group.group));
      if (since === undefined) continue;
      const wasEdited = SIDES.some((side) =>
        this.#view.heldOf(side, change.kind, idIn(change, side) ?? '').some(({ seq }) => seq >= since[side]),
      );
      check(wasEdited, '7.5', () => `${group.group} was taken back, and is written again though nobody edited it`);
    }
  }

  /** Right before a change is verified. What the store has not seen of the source is an edit that is still to come. */
  async verifying(id: number): Promise<void> {
    const change = await this.#view.fakes.store.changes.get(id);
    if (change === null || change.origin !== 'undo') return;
    const source = otherSide(change.target);
    const nativeId = idIn(change, source) ?? '';
    const stored = await this.#view.fakes.store.records.get(change.kind, source, nativeId);
    const raw = this.#view.fakes.of(source).peek(change.kind, nativeId);
    if (stored === null || raw === null) return;
    const now = this.#view.read(source, change.kind, raw);
    const since = {
      customerp: this.#view.fakes.customerp.history.length,
      tidsbanken: this.#view.fakes.tidsbanken.history.length,
    };
    const base = (await this.#view.fakes.store.links.get(change.linkId ?? 0))?.base[source] ?? {};
    for (const group of change.groups) {
      const members = new Set(group.members.map(({ property }) => property));
      const isSeen = group.members.every(({ property }) => stored.props[property] === now[property]);
      // What the undo does not write of its group is carried over as ever (a date of closing, next to the closing).
      const { properties, mapping } = this.#view.flow(change.kind);
      const { lifecycle } = mapping;
      const joins =
        lifecycle !== undefined && members.has(lifecycle.property) ? (lifecycle.joinsWhenInactive ?? []) : [];
      const others = properties.filter(
        (p) => !members.has(p.name) && ((p.group ?? p.name) === group.group || joins.includes(p.name)),
      );
      if (isSeen && others.every(({ name }) => base[name] === now[name]))
        this.#back.set(this.#keyOf(change, change.target, group.group), since);
    }
  }

  #keyOf = ({ linkId }: StoredChange, target: Side, group: string): string =>
    [this.#view.epoch, linkId, target, group].join(':');
}
