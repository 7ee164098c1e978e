import { otherSide } from '../../../../shared/domain.ts';
import type { Kind, MemberChange, Side } from '../../../../shared/domain.ts';
import type { CreateRequest, UpdateRequest } from '../../../connectors/connector.ts';
import type { NewChange } from '../../../store/changes.ts';
import { TENTHS } from '../mapped.ts';
import { idOf } from '../values.ts';
import type { Check, Report } from './report.ts';
import type { Scope } from './scope.ts';
import { idIn } from './view.ts';
import type { View } from './view.ts';

type Ids = Pick<NewChange, 'customerpId' | 'tidsbankenId'>;

/**
 * Judges who gets a counterpart by the rule `ifReferredTo` (M5), under which number (K8), and what a request carries by a
 * mapping (7.2, 2.2).
 */
export class Creation {
  readonly #view: View;
  readonly #report: Report;
  readonly #scope: Scope;
  /** By store, kind, side and number: the source record that it was sent for. */
  readonly #sentFor = new Map<string, string>();

  constructor(view: View, report: Report, scope: Scope) {
    this.#view = view;
    this.#report = report;
    this.#scope = scope;
  }

  /** As a plan is kept: what was read last is what it was made of. */
  async planning(changes: readonly NewChange[]): Promise<void> {
    const given = changes.flatMap((change) =>
      change.op !== 'create'
        ? []
        : change.groups.flatMap((g) =>
            g.members.flatMap((m) => (m.instead === undefined ? [] : [{ change, member: m }])),
          ),
    );
    for (const one of given) await this.#checkGiven(one.change, one.member);
    const numbers = given.map(({ change, member }) => `${change.kind} ${change.target} ${String(member.desired)}`);
    this.#report.about(null)(new Set(numbers).size === numbers.length, 'K8', () => `${numbers.join(', ')} in one plan`);
    for (const change of changes) {
      const { op, origin, kind, target } = change;
      const source = otherSide(target);
      const nativeId = idIn(change, source);
      const { rule, referredToBy = [] } = this.#view.flow(kind).mapping.create[target];
      if (op !== 'create' || origin !== 'plan' || rule !== 'ifReferredTo' || nativeId === null) continue;
      if (await this.#wasAskedFor(kind, source, nativeId)) continue;
      this.#report.marks.add('check:referred');
      const who = await Promise.all(referredToBy.map((by) => this.#isReferredToBy(by, kind, source, nativeId)));
      const what = (): string =>
        `a counterpart is proposed, and no ${referredToBy.join(' or ')} that takes part refers to it`;
      this.#report.about({ side: source, kind, nativeId })(who.includes(true), 'M5', what);
    }
  }

  /** K8: in the range, never seen before, and only for a record whose own number is of no use. */
  async #checkGiven(
    { kind, target, ...ids }: NewChange,
    { property, desired, instead = null }: MemberChange,
  ): Promise<void> {
    this.#report.marks.add('check:number given');
    const source = otherSide(target);
    const about = { side: source, kind, nativeId: idIn(ids, source) ?? '' };
    const check = this.#report.about(about);
    const flow = this.#view.flow(kind);
    const range = flow.mapping.create[target].numbers;
    const isIn = range !== undefined && Number(desired) >= range.from && Number(desired) <= range.to;
    check(isIn, 'K8', () => `is to get the number ${String(desired)}, which is not in the range`);
    const { store } = this.#view.fakes;
    const seen = await store.records.idsEverSeen(kind, target);
    check(!seen.has(desired ?? ''), 'K8', () => `is to get the number ${String(desired)}, which was there before`);
    if (instead === null || flow.write(target, property, instead, undefined, 'create').kind !== 'write') return;
    const { systemIds } = this.#view.fakes.of(target).capabilities(kind);
    const sentFor = (await store.changes.chosenIds(kind, target)).get(instead);
    const isTaken = seen.has(instead) || systemIds.includes(instead) || (sentFor ?? about.nativeId) !== about.nativeId;
    const isPlanned = (await this.#view.fakes.changes(kind)).some(
      (c) => c.op === 'create' && c.groups.some((g) => g.members.some((m) => m.desired === instead)),
    );
    check(isTaken || isPlanned, 'K8', () => `is to get the number ${String(desired)}, and its own one is free`);
  }

  /** K8: no number is sent for two records, whoever chose it. */
  #checkNumber(side: Side, { kind, values }: CreateRequest | UpdateRequest, change: Ids, check: Check): void {
    const { clientChosenId } = this.#view.fakes.of(side).capabilities(kind);
    const number = clientChosenId === null ? undefined : values.get(clientChosenId);
    if (number === undefined || number === null) return;
    const source = idIn(change, otherSide(side)) ?? '';
    const key = `${String(this.#view.epoch)} ${kind} ${side} ${JSON.stringify(number)}`;
    const before = this.#sentFor.get(key) ?? source;
    check(before === source, 'K8', () => `the number ${JSON.stringify(number)} was sent for ${before} already`);
    this.#sentFor.set(key, source);
  }

  /** A person wanted it once, whatever the rule says; should the approval lapse, it is proposed again. */
  async #wasAskedFor(kind: Kind, source: Side, nativeId: string): Promise<boolean> {
    const changes = await this.#view.fakes.changes(kind);
    return changes.some((c) => c.op === 'create' && c.origin === 'decision' && idIn(c, source) === nativeId);
  }

  async #isReferredToBy(by: Kind, kind: Kind, side: Side, nativeId: string): Promise<boolean> {
    const flow = this.#view.flow(by);
    const properties = flow.properties.filter(({ reference }) => reference === kind);
    const { store } = this.#view.fakes;
    const seen = new Set(
      this.#view.fakes.of(side).history.flatMap((deed) => (deed.kind === by ? [deed.nativeId] : [])),
    );
    for (const record of (await store.records.getMany(by, side, [...seen])).values()) {
      if (!properties.some(({ name }) => record.props[name] === nativeId)) continue;
      const { lifecycle } = flow.mapping;
      const isClosed = lifecycle !== undefined && record.props[lifecycle.property] === lifecycle.inactive;
      const isLinked = (await this.#view.linkOf(side, by, record.nativeId)) !== null;
      if (isLinked || (!isClosed && flow.mapping.create[otherSide(side)].rule !== 'never')) return true;
    }
    return false;
  }

  /** A record that is referred to is not merely shown, once all is done. */
  async checkShown(side: Side, kind: Kind, nativeId: string): Promise<void> {
    const { rule, referredToBy = [] } = this.#view.flow(kind).mapping.create[otherSide(side)];
    if (rule !== 'ifReferredTo') return;
    this.#report.marks.add('check:not referred');
    for (const by of referredToBy)
      for (const raw of this.#view.fakes.of(side).all(by)) {
        const flow = this.#view.flow(by);
        const props = this.#view.read(side, by, raw);
        const refers = flow.properties.some((p) => p.reference === kind && props[p.name] === nativeId);
        if (!refers || this.#scope.isOut(side, by, raw)) continue;
        const link = await this.#view.linkOf(side, by, idOf(side, raw));
        const what = (): string => `it is only shown, and ${by} ${idOf(side, raw)}, which is linked, refers to it`;
        this.#report.about({ side, kind, nativeId })(link?.state !== 'active', 'M5', what);
      }
  }

  /** 7.2: what new records get; 2.2: what a converted value is on its own side. */
  checkRequest(
    side: Side,
    request: CreateRequest | UpdateRequest,
    change: Pick<NewChange, 'groups' | 'op'> & Ids,
    check: Check,
  ): void {
    if (change.op === 'create') this.#checkNumber(side, request, change, check);
    for (const property of this.#view.flow(request.kind).properties) {
      const preset = property.onCreate?.[side];
      const json = request.values.get(property[side]);
      if (preset !== undefined && change.op === 'create') {
        this.#report.marks.add('check:onCreate');
        check(json !== undefined, '7.2', () => `a new record gets no ${property.name}, not even ${preset}`);
      }
      if (property.convert?.[side] === undefined || json === undefined || json === null) continue;
      const wanted = change.groups.flatMap((g) => g.members).find((m) => m.property === property.name)?.desired;
      this.#report.marks.add('check:converted');
      check(
        json === Number(wanted) * TENTHS,
        '2.2',
        () => `${property.name} ${String(wanted)} was written as ${JSON.stringify(json)}`,
      );
    }
  }
}
