import { otherSide } from '../../../../shared/domain.ts';
import type { Props, Side } from '../../../../shared/domain.ts';
import type { WriteResult } from '../../../connectors/connector.ts';
import type { StoredChange } from '../../../store/changes.ts';
import type { StoredLink } from '../../../store/links.ts';
import { withLinks } from '../../observe.ts';
import type { Fakes } from '../../testing/run-on-fakes.ts';
import { idOf } from '../values.ts';
import { targetOf } from './create-case.ts';
import type { CreateCase } from './create-case.ts';

export interface Broken {
  readonly rule: string;
  readonly what: string;
}

type LastSend = { readonly at: number; outcome: WriteResult['kind'] | 'pending' };

const ATTEMPTS = 3;

/** Judges what became of one create: at most one record, linked, its base right, and nothing sent blindly. */
export class CreateJudge {
  readonly #fakes: Fakes;
  readonly #case: CreateCase;
  readonly #target: Side;
  readonly #sourceId: string;
  readonly #broken: Broken[] = [];
  readonly #lastSends = new Map<number, LastSend>();
  #sending: LastSend | null = null;
  #othersActed = false;

  constructor(fakes: Fakes, given: CreateCase, sourceId: string) {
    this.#fakes = fakes;
    this.#case = given;
    this.#target = targetOf(given.abilities);
    this.#sourceId = sourceId;
  }

  /** Somebody else had a hand in it: the record may be theirs, and a person may have to decide. */
  othersActed(): void {
    this.#othersActed = true;
  }

  /** I8 and 7.4, at the moment before a create leaves. */
  async beforeCreate(side: Side): Promise<void> {
    const { changes, journal } = this.#fakes.store;
    const [id, ...more] = await changes.idsIn(['sending']);
    if (side !== this.#target || id === undefined || more.length > 0) {
      this.#report(
        'I8',
        `a create left for ${side}, and ${String(more.length + (id === undefined ? 0 : 1))} changes are \`sending\``,
      );
      return;
    }
    const change = await changes.get(id);
    const { rows } = await journal.list({ item: `change:${String(id)}` }, 0, 1);
    if (rows[0]?.event !== 'sending' || rows[0].attempt !== change?.attempt)
      this.#report('I8', `a create left, and the journal does not tell of attempt ${String(change?.attempt)}`);
    const last = this.#lastSends.get(id);
    if (last !== undefined && (last.outcome === 'unknown' || last.outcome === 'pending')) this.#mayRepeat(id, last);
    this.#sending = { at: this.#fakes.clock.monotonic(), outcome: 'pending' };
    this.#lastSends.set(id, this.#sending);
  }

  #mayRepeat(id: number, last: LastSend): void {
    const { settleMs } = this.#fakes.of(this.#target).capabilities(this.#case.kind);
    const waited = this.#fakes.clock.monotonic() - last.at;
    if (waited < settleMs) this.#report('7.4', `change ${String(id)} was sent again after ${String(waited)} ms`);
    if (!canBeFoundAgain(this.#case)) this.#report('7.4', `change ${String(id)} was sent again blindly`);
  }

  afterCreate(outcome: WriteResult['kind']): void {
    if (this.#sending !== null) this.#sending.outcome = outcome;
  }

  /** What was under way when the process ended has no known outcome. */
  crashed(): void {
    this.#sending = null;
  }

  sentAfterHealing(count: number): void {
    if (count > 0) this.#report('I4', `the run after the healed one still sent ${String(count)} writes`);
  }

  async atEnd(): Promise<readonly Broken[]> {
    const { history } = this.#fakes.of(this.#target);
    const made = history.filter((deed) => deed.op === 'create' && deed.by === 'us').map((deed) => deed.nativeId);
    if (made.length > 1) this.#report('I3', `${made.join(' and ')} were made for one source`);
    if (history.some((deed) => deed.op === 'update' && deed.by === 'us' && this.#isLaidOver(deed.request)))
      this.#report('K2', 'a create was laid over a record that was there');
    const broken = await this.#fakes.store.journal.firstBrokenRow();
    if (broken !== null) this.#report('I22', `row ${String(broken)} of the journal does not follow`);
    await this.#checkJournal();
    const link = await this.#fakes.store.links.of(this.#case.kind, otherSide(this.#target), this.#sourceId);
    if (link === null) await this.#checkUnlinked(made);
    else await this.#checkLinked(link, made);
    return this.#broken;
  }

  /** Only a request that left late may find that somebody has taken its id meanwhile. */
  #isLaidOver(request: number | null): boolean {
    return request !== null && !this.#othersActed && this.#fakes.of(this.#target).received[request]?.op === 'create';
  }

  /** A state `sending` that nobody saw the end of counts as sent, even if the process ended before the request left. */
  async #checkJournal(): Promise<void> {
    if (canBeFoundAgain(this.#case)) return;
    for (const change of await this.#fakes.changes()) {
      const { rows } = await this.#fakes.store.journal.list({ item: `change:${String(change.id)}` }, 0, 1_000);
      const events = rows.map((row) => row.event).toReversed();
      const unknown = events.indexOf('outcomeUnknown');
      if (unknown >= 0 && events.includes('sending', unknown))
        this.#report('7.4', `change ${String(change.id)} was taken up again blindly: ${events.join(', ')}`);
    }
  }

  async #checkLinked(link: StoredLink, made: readonly string[]): Promise<void> {
    const partner = this.#target === 'customerp' ? link.customerpId : link.tidsbankenId;
    if (link.state !== 'active') {
      const lost = (await this.#creates()).some((c) => c.state === 'acked');
      if (!(lost && this.#case.faults.includes('ackedAndLost'))) this.#report('K6', `its link is still ${link.state}`);
      return;
    }
    if (!this.#othersActed && made.length === 1 && made[0] !== partner)
      this.#report('I3', `${made.join()} was made, and ${partner} is linked`);
    const customerp = await this.#props('customerp', link.customerpId);
    const tidsbanken = await this.#props('tidsbanken', link.tidsbankenId);
    if (customerp === null || tidsbanken === null) {
      this.#report('K6', `its link is active, and a side of it is not there`);
      return;
    }
    if (Object.keys(link.base[this.#target]).length === 0 && !this.#othersActed)
      this.#report('K6', 'its base is empty');
    for (const [side, now] of [
      ['customerp', customerp],
      ['tidsbanken', tidsbanken],
    ] as const)
      for (const [name, value] of Object.entries(link.base[side]))
        if (now[name] !== value && !(side !== this.#target && this.#isLeftOut(name, value)))
          this.#report('I7', `the base of ${name} is ${String(value)}, and ${side} holds ${String(now[name])}`);
  }

  /** O2: a reference that was left out for want of a link stands as empty. */
  #isLeftOut(name: string, value: unknown): boolean {
    return value === null && this.#fakes.flows.get(this.#case.kind)?.property(name)?.reference !== undefined;
  }

  /** Nothing may simply be forgotten: somebody was told, or it waits for a person because nothing else is allowed. */
  async #checkUnlinked(made: readonly string[]): Promise<void> {
    const creates = await this.#creates();
    const isManual = creates.some(
      (c) => c.state === 'manual' && (!canBeFoundAgain(this.#case) || c.attempt >= ATTEMPTS || this.#othersActed),
    );
    const findings = await this.#fakes.mismatches();
    const isShown = findings.some((m) => m.customerpId === this.#sourceId || m.tidsbankenId === this.#sourceId);
    if (isManual && isShown) return;
    if ((this.#othersActed || this.#looksLikeAnother() || this.#case.faults.includes('ackedAndLost')) && isShown)
      return;
    const states = creates.map((c) => `${c.state} (attempt ${String(c.attempt)})`).join(', ');
    const kinds = findings.map((m) => m.mismatch).join(', ');
    this.#report(
      'I1',
      `it has no link; made: ${made.join(' ') || 'nothing'}; changes: ${states}; findings: ${kinds || 'none'}`,
    );
  }

  /** K9: what reads back otherwise may have been there before, where a create overwrites. */
  #looksLikeAnother(): boolean {
    return this.#case.abilities.onExisting === 'upserts' && this.#case.faults.includes('ackedAndAltered');
  }

  async #creates(): Promise<StoredChange[]> {
    return (await this.#fakes.changes()).filter((change) => change.op === 'create');
  }

  async #props(side: Side, nativeId: string): Promise<Props | null> {
    const { kind } = this.#case;
    const flow = this.#fakes.flows.get(kind);
    const raw = this.#fakes
      .of(side)
      .all(kind)
      .find((r) => idOf(side, r) === nativeId);
    return raw === undefined || flow === undefined
      ? null
      : withLinks(this.#fakes, flow, side, flow.read(side, raw, { fullRecord: true }).props);
  }

  #report(rule: string, what: string): void {
    this.#broken.push({ rule, what });
  }
}

/** 7.4: by the id that we chose, or by our marker. */
const canBeFoundAgain = ({ abilities: { naming } }: CreateCase): boolean => naming !== 'neither';
