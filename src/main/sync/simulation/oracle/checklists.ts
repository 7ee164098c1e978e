import { SIDES } from '../../../../shared/domain.ts';
import type { Pair, Props, Side, Value } from '../../../../shared/domain.ts';
import type { StoredChange } from '../../../store/changes.ts';
import type { Restore } from '../../../store/checklists.ts';
import type { StoredLink } from '../../../store/links.ts';
import { bettered } from '../values.ts';
import type { Check, Report } from './report.ts';
import { idIn, keyOf } from './view.ts';
import type { View } from './view.ts';

/** What a pair held before the first test value left, from the systems themselves. */
interface Before {
  readonly link: StoredLink;
  readonly members: readonly string[];
  readonly props: Pair<Props | null>;
  readonly seq: Pair<number>;
  /** The last change that there was. */
  readonly lastChange: number;
}

/** Judges checklists (7.6): they write to named records only, and leave no trace in either system. */
export class Checklists {
  readonly #view: View;
  readonly #report: Report;
  readonly #named = new Set<string>();
  readonly #before = new Map<string, Before>();
  #isUnderWay = false;

  constructor(view: View, report: Report) {
    this.#view = view;
    this.#report = report;
  }

  /** A run that does nothing but a checklist, on this pair or on those that an earlier one has left. */
  beginRun(isChecklist: boolean, named: StoredLink | null): void {
    this.#isUnderWay = isChecklist;
    if (named !== null) for (const side of SIDES) this.#named.add(keyOf(side, named.kind, idIn(named, side)));
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  checkWrite(change: StoredChange, check: Check): void {
    if (!this.#isUnderWay && change.origin !== 'checklist') return;
    this.#report.marks.add('checklist:written');
    const nativeId = idIn(change, change.target) ?? '';
    const isNamed = this.#named.has(keyOf(change.target, change.kind, nativeId));
    check(isNamed, '7.6', () => `${change.origin} ${String(change.id)} was written to ${nativeId}, which nobody named`);
  }

  async beginning(restore: Omit<Restore, 'id' | 'begunAt'>): Promise<void> {
    const link = await this.#view.fakes.store.links.get(restore.linkId);
    if (link === null) return;
    const now = (side: Side): Promise<Props | null> => this.#view.propsNow(side, link.kind, idIn(link, side));
    this.#before.set(nameOf(this.#view.epoch, restore), {
      link,
      members: restore.members.map(({ property }) => property),
      props: { customerp: await now('customerp'), tidsbanken: await now('tidsbanken') },
      seq: {
        customerp: this.#view.fakes.customerp.history.length,
        tidsbanken: this.#view.fakes.tidsbanken.history.length,
      },
      lastChange: (await this.#view.fakes.changes()).length,
    });
  }

  /** Right before it is noted that both sides hold again what they held. */
  async ending(id: number): Promise<void> {
    const restore = (await this.#view.fakes.store.checklists.unfinished()).find((one) => one.id === id);
    const before = restore === undefined ? undefined : this.#before.get(nameOf(this.#view.epoch, restore));
    if (before === undefined) return;
    this.#report.marks.add('checklist:put back');
    const { kind } = before.link;
    for (const side of SIDES) {
      const nativeId = idIn(before.link, side);
      const now = await this.#view.propsNow(side, kind, nativeId);
      // What somebody has edited meanwhile is left to them, and the sync may have carried it to the other side.
      if (now === null || SIDES.some((one) => this.#wasEdited(before, one))) continue;
      const check = this.#report.about({ side, kind, nativeId });
      const decided = await this.#decidedSince(before, side);
      for (const name of before.members) {
        const [was, is] = [before.props[side]?.[name], now[name]];
        // Whoever takes a test value in a decision wants it there.
        if (is !== undefined && decided.get(name) === is) continue;
        // The system may make something of its own of what it is given back (W3); that is told as any such write is.
        const isGivenBack = was === is || (typeof was === 'string' && is === bettered(was));
        check(
          isGivenBack,
          '7.6',
          () => `${name} was ${String(was)} before the checklist and is ${String(is)} after it`,
        );
      }
    }
  }

  /** What people have decided that the side is to hold, and that was written there. */
  async #decidedSince({ link, lastChange }: Before, side: Side): Promise<ReadonlyMap<string, Value>> {
    const changes = (await this.#view.fakes.changes(link.kind)).filter(
      (c) => c.id > lastChange && c.linkId === link.id && c.target === side && c.state === 'verified',
    );
    const groups = changes.flatMap((c) => c.groups.filter((g) => g.approved && g.row === 'decision'));
    return new Map(groups.flatMap((g) => g.members.map((m) => [m.property, m.desired] as const)));
  }

  #wasEdited = ({ link, seq }: Before, side: Side): boolean =>
    this.#view.editedSince(side, link.kind, idIn(link, side), seq[side]);

  /** A test value stays open only where there is nothing left to give it back to, or where a person has locked the pair (D6). */
  async atEnd(): Promise<void> {
    const { checklists, links } = this.#view.fakes.store;
    for (const restore of await checklists.unfinished()) {
      const link = await links.get(restore.linkId);
      const isThere = (side: Side): boolean =>
        link !== null && this.#view.fakes.of(side).peek(link.kind, idIn(link, side)) !== null;
      const isOpen = link?.state === 'active' && link.direction === 'both' && SIDES.every(isThere);
      this.#report.about(null)(
        !isOpen,
        '7.6',
        () => `restore ${String(restore.id)} of ${restore.group} was never done`,
      );
    }
  }
}

const nameOf = (epoch: number, { linkId, runId, group, members }: Omit<Restore, 'id' | 'begunAt'>): string =>
  JSON.stringify([epoch, linkId, runId, group, members.map(({ property, was }) => [property, was])]);
