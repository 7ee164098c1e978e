import { otherSide } from '../../../../shared/domain.ts';
import type { Kind, Side } from '../../../../shared/domain.ts';
import type { CreateRequest, UpdateRequest } from '../../../connectors/connector.ts';
import type { NewChange } from '../../../store/changes.ts';
import { TENTHS } from '../mapped.ts';
import { idOf } from '../values.ts';
import type { Check, Report } from './report.ts';
import type { Scope } from './scope.ts';
import { idIn } from './view.ts';
import type { View } from './view.ts';

/** Judges who gets a counterpart by the rule `ifReferredTo` (M5), and what a request carries by a mapping (7.2, 2.2). */
export class Creation {
  readonly #view: View;
  readonly #report: Report;
  readonly #scope: Scope;

  constructor(view: View, report: Report, scope: Scope) {
    this.#view = view;
    this.#report = report;
    this.#scope = scope;
  }

  /** As a plan is kept: what was read last is what it was made of. */
  async planning(changes: readonly NewChange[]): Promise<void> {
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
    change: Pick<NewChange, 'groups' | 'op'>,
    check: Check,
  ): void {
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
