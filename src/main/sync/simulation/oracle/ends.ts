import { KINDS, SIDES } from '../../../../shared/domain.ts';
import type { Direction, Kind, Props, Side } from '../../../../shared/domain.ts';
import { groupsFor } from '../../../mapping/compile.ts';
import type { Group } from '../../../mapping/compile.ts';
import { sameValue } from '../../../mapping/equality.ts';
import type { StoredChange } from '../../../store/changes.ts';
import type { StoredLink } from '../../../store/links.ts';
import type { StoredMismatch } from '../../../store/mismatches.ts';
import { idOf } from '../values.ts';
import type { Report } from './report.ts';
import type { Creation } from './creation.ts';
import type { Scope } from './scope.ts';
import { idIn } from './view.ts';
import type { View } from './view.ts';

/** What stops a whole kind until somebody has found out why (section 13, C3, C6). */
const STOPS_THE_KIND: ReadonlySet<string> = new Set(['rail', 'timeShift', 'incompleteCollection', 'shapeChanged']);
const UNDER_WAY: ReadonlySet<string> = new Set(['planned', 'approved', 'preparing', 'sending', 'acked', 'unknown']);

const ONLY_IN = { customerp: 'onlyInCustomerp', tidsbanken: 'onlyInTidsbanken' } as const;

interface Found {
  readonly findings: readonly StoredMismatch[];
  readonly changes: readonly StoredChange[];
  readonly stopped: ReadonlySet<Kind>;
}

/** Judges a healed world: what nobody has to decide is in step, and nothing is left to do (I1, I4, V4). */
export class Ends {
  readonly #view: View;
  readonly #report: Report;
  readonly #scope: Scope;
  readonly #creation: Creation;

  constructor(view: View, report: Report, scope: Scope, creation: Creation) {
    this.#view = view;
    this.#report = report;
    this.#scope = scope;
    this.#creation = creation;
  }

  /** I4: the run after all is done sends nothing and proposes nothing. */
  checkQuiet(sent: number, proposed: number): void {
    const check = this.#report.about(null);
    check(sent === 0, 'I4', () => `the last run still sent ${String(sent)} writes`);
    check(proposed === 0, 'I4', () => `the last run still proposed ${String(proposed)} changes`);
  }

  async check(): Promise<void> {
    const findings = await this.#view.fakes.mismatches();
    const changes = await this.#view.fakes.changes();
    const stopped = new Set(findings.filter((m) => STOPS_THE_KIND.has(m.mismatch)).map((m) => m.kind));
    for (const kind of stopped) this.#report.marks.add(`stopped:${kind}`);
    const found = { findings, changes, stopped };
    this.#checkChanges(found);
    for (const link of await this.#view.links())
      if (link.state === 'active' && link.direction !== 'off' && !stopped.has(link.kind))
        await (this.#scope.isPairOut(link) ? this.#scope.checkPair(link) : this.#checkInStep(link, found));
    for (const side of SIDES)
      for (const kind of KINDS) if (!stopped.has(kind)) await this.#checkPlaced(side, kind, found);
  }

  #checkChanges({ changes, stopped }: Found): void {
    for (const change of changes) {
      // A create that was acknowledged and is not there stays for a person to see; recovery looks again each time.
      const isLost = change.state === 'acked' && change.op === 'create';
      if (isLost) this.#report.marks.add('left:acknowledged create is not there');
      if (isLost || change.rail !== null || stopped.has(change.kind)) continue;
      const what = (): string => `change ${String(change.id)} (${change.op} ${change.label}) is still ${change.state}`;
      this.#report.about(null)(!UNDER_WAY.has(change.state), 'I1', what);
    }
  }

  async #checkInStep(link: StoredLink, { findings, changes }: Found): Promise<void> {
    const about = findings.filter((m) => m.linkId === link.id);
    if (about.some((m) => m.group === null)) return;
    const e = await this.#view.propsNow('customerp', link.kind, link.customerpId);
    const t = await this.#view.propsNow('tidsbanken', link.kind, link.tidsbankenId);
    const check = this.#report.about({ side: 'customerp', kind: link.kind, nativeId: link.customerpId });
    // Both at once need a second look ten minutes later (5.2); until then the pair is skipped.
    if (e === null && t === null) return;
    // What the engine last saw of it decides (C7): whoever was left out then takes no part, gone or not.
    if (SIDES.some((side) => this.#scope.wasOutBeforeGone(side, link))) return;
    check(e !== null && t !== null, 'I1', () => `a side of link ${String(link.id)} is gone, and nobody was told`);
    if (e === null || t === null) return;
    const refused = new Set(
      changes
        .filter((c) => c.linkId === link.id && c.state === 'rejected')
        .flatMap((c) => c.groups.map((g) => g.group)),
    );
    const isAsked = ({ name }: Group): boolean => refused.has(name) || about.some((m) => m.group === name);
    for (const group of groupsFor(this.#view.flow(link.kind), e, t))
      if (!isAsked(group)) this.#checkGroup(link, group, { e, t });
  }

  #checkGroup(link: StoredLink, group: Group, { e, t }: { readonly e: Props; readonly t: Props }): void {
    const names = group.properties.map((p) => p.name);
    if (names.some((name) => e[name] === undefined || t[name] === undefined)) return;
    this.#report.marks.add('check:in step');
    const isSame = group.properties.every((p) => sameValue(p, e[p.name] ?? null, t[p.name] ?? null));
    const isAccepted =
      names.every((name) => link.base.customerp[name] === e[name]) &&
      names.every((name) => link.base.tidsbanken[name] === t[name]);
    if (!isSame && isAccepted) this.#report.marks.add('row:R6');
    if (!isSame && !isAccepted && this.#cannotFlow(link, group, { e, t })) return;
    const what = (): string =>
      `${group.name} of ${link.customerpId}/${link.tidsbankenId} differs: ${JSON.stringify(names.map((n) => [e[n], t[n]]))}`;
    this.#report.about({ side: 'customerp', kind: link.kind, nativeId: link.customerpId })(
      isSame || isAccepted,
      'I1',
      what,
    );
  }

  /** Told and left as it is: filling or emptying against the direction (D1, D6), and what no field can be (N5). */
  #cannotFlow(link: StoredLink, group: Group, { e, t }: { readonly e: Props; readonly t: Props }): boolean {
    const direction = narrower(group.direction, link.direction);
    if (direction === 'off') return true;
    const names = group.properties.map((p) => p.name);
    const isEmpty = (props: Props): boolean => names.every((name) => props[name] === null);
    const hasBase = names.every((name) => link.base.customerp[name] !== undefined);
    if (direction === 'toTidsbanken' && isEmpty(e) && !hasBase) return true;
    if (direction === 'toCustomerp' && isEmpty(t) && !hasBase) return true;
    return group.properties.some(
      (p) => (e[p.name] === null && !p.clearableOn.tidsbanken) || (t[p.name] === null && !p.clearableOn.customerp),
    );
  }

  /** V4: every record has a partner, a finding, or a reason. */
  async #checkPlaced(side: Side, kind: Kind, { findings, changes }: Found): Promise<void> {
    for (const raw of this.#view.fakes.of(side).all(kind)) {
      const nativeId = idOf(side, raw);
      const isMine = (item: { kind: Kind; customerpId: string | null; tidsbankenId: string | null }): boolean =>
        item.kind === kind && idIn(item, side) === nativeId;
      await this.#scope.checkAlone(side, kind, nativeId);
      if (findings.some((m) => isMine(m) && m.mismatch === ONLY_IN[side]))
        await this.#creation.checkShown(side, kind, nativeId);
      const isFound = findings.some((m) => isMine(m) || (m.kind === kind && m.candidates.includes(nativeId)));
      const isWaiting = changes.some((c) => isMine(c) && ['deferred', 'manual'].includes(c.state));
      const hasPlace = isFound || isWaiting || (await this.#view.linkOf(side, kind, nativeId)) !== null;
      const stored = hasPlace ? null : await this.#view.fakes.store.records.get(kind, side, nativeId);
      const what = (): string =>
        `it has neither partner nor finding (${stored?.bucket ?? 'never read'} ${stored?.reason ?? ''})`;
      this.#report.about({ side, kind, nativeId })(hasPlace || stored?.bucket === 'skipped', 'V4', what);
    }
  }
}

/** D6: a link narrows what a property allows and never widens it. */
function narrower(property: Direction, link: Direction): Direction {
  if (link === 'both' || link === property) return property;
  return property === 'both' ? link : 'off';
}
