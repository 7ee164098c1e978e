/* oxlint-disable typescript/no-unsafe-type-assertion -- a workspace without its configuration file */
// oxlint-disable-next-line no-restricted-imports -- the person of a simulation decides with the product's own hands
import { changeDecisionsOf } from '../../app/review/change-decisions.ts';
// oxlint-disable-next-line no-restricted-imports -- as above
import { Decider } from '../../app/review/decide.ts';
// oxlint-disable-next-line no-restricted-imports -- as above
import { LinkDesk } from '../../app/records/link-desk.ts';
// oxlint-disable-next-line no-restricted-imports -- as above
import { whyNotOnly } from '../../app/records/only-record.ts';
// oxlint-disable-next-line no-restricted-imports -- as above
import { undoOf } from '../../app/undo/undo.ts';
// oxlint-disable-next-line no-restricted-imports -- as above
import type { Workspace } from '../../app/workspace/workspace.ts';
import { SIDES, flowOf, otherSide } from '../../../shared/domain.ts';
import type { Kind, Pair, Side } from '../../../shared/domain.ts';
import type { StoredLink } from '../../store/links.ts';
import type { RecordRef } from '../../store/runs.ts';
import type { Fakes } from '../testing/run-on-fakes.ts';
import type { Person, RunStep } from './story.ts';
import { idOf } from './values.ts';

type Named<Do extends Person['do']> = Extract<Person, { do: Do }>;

const RUNS_REMEMBERED = 4;

/** The person at the screens, between runs. Each deed answers with what it came to, in words; null: nothing. */
export class Operator {
  readonly #fakes: Fakes;
  #unlinked: { readonly kind: Kind; readonly ids: Pair<string> } | null = null;

  constructor(fakes: Fakes) {
    this.#fakes = fakes;
  }

  perform(person: Person): Promise<string | null> {
    switch (person.do) {
      case 'decide':
        return this.#decide(person);
      case 'judge':
        return this.#judge(person);
      case 'narrow':
        return this.#narrow(person);
      case 'unlink':
        return this.#unlink(person.at);
      case 'relink':
        return this.#relink();
      case 'rejoin':
        return this.#rejoin(person);
      case 'setAside':
        return this.#setAside(person);
      case 'link':
        return this.#link(person);
      case 'undo':
        return this.#undo(person);
    }
  }

  async #decide({ at, take }: Named<'decide'>): Promise<string | null> {
    const open = await this.#fakes.mismatches();
    const mismatch = open[Math.floor(at * open.length)];
    const chosen = mismatch?.takes[Math.floor(take * mismatch.takes.length)];
    if (mismatch === undefined || chosen === undefined) return null;
    const [linkTo] = mismatch.candidates;
    const workspace = this.#workspace();
    const decided = await new Decider(workspace, new LinkDesk(workspace)).decideMismatch(mismatch.id, {
      take: chosen,
      ...(linkTo === undefined ? {} : { linkTo }),
    });
    return `${chosen} for ${mismatch.mismatch} ${mismatch.label} ${mismatch.group ?? ''}${decided.ok ? '' : ` – ${decided.failure.what}`}`;
  }

  async #judge({ at, take, of }: Named<'judge'>): Promise<string | null> {
    const { changes } = this.#fakes.store;
    const ids = await changes.idsIn(of === undefined ? ['planned', 'approved'] : [of]);
    const id = ids[Math.floor(at * ids.length)];
    if (id === undefined) return null;
    if (take === 'approve') await changes.approve(id, 'all', 'tester', true, []);
    else await changes.reject(id, 'all', []);
    return `${take}s change ${String(id)}`;
  }

  async #narrow({ at, direction }: Named<'narrow'>): Promise<string | null> {
    const link = await this.#activeLink(at);
    if (link === null) return null;
    await new LinkDesk(this.#workspace()).setDirection(link.id, direction);
    return `narrows ${link.kind} ${link.customerpId}/${link.tidsbankenId} to ${direction}`;
  }

  async #unlink(at: number): Promise<string | null> {
    const link = await this.#activeLink(at);
    if (link === null) return null;
    const { kind, customerpId, tidsbankenId } = link;
    const unlinked = await new LinkDesk(this.#workspace()).unlink(link.id);
    if (unlinked.ok) this.#unlinked = { kind, ids: { customerp: customerpId, tidsbanken: tidsbankenId } };
    return `unlinks ${kind} ${customerpId}/${tidsbankenId}${unlinked.ok ? '' : ` – ${unlinked.failure.what}`}`;
  }

  async #relink(): Promise<string | null> {
    return this.#unlinked === null ? null : this.#join('relinks', this.#unlinked.kind, this.#unlinked.ids);
  }

  /** Two records that have no partner, whether or not they belong together. */
  async #link({ kind, at, with: share }: Named<'link'>): Promise<string | null> {
    const [customerp = [], tidsbanken = []] = await Promise.all(SIDES.map((side) => this.#free(side, kind)));
    const [e, t] = [customerp[Math.floor(at * customerp.length)], tidsbanken[Math.floor(share * tidsbanken.length)]];
    return e === undefined || t === undefined ? null : this.#join('links', kind, { customerp: e, tidsbanken: t });
  }

  /** The linked record keeps its side; a record of the other one that has no partner takes the place of its own. */
  async #rejoin({ kind, side, at, with: share }: Named<'rejoin'>): Promise<string | null> {
    const link = await this.#activeLink(at);
    if (link?.kind !== kind) return null;
    const free = await this.#free(otherSide(side), kind);
    const other = free[Math.floor(share * free.length)];
    if (other === undefined) return null;
    const [customerp, tidsbanken] = side === 'customerp' ? [link.customerpId, other] : [other, link.tidsbankenId];
    const joined = await new LinkDesk(this.#workspace()).relink(flowOf(kind), customerp, tidsbanken);
    return `rejoins ${kind} ${customerp}/${tidsbanken}${joined.ok ? '' : ` – ${joined.failure.what}`}`;
  }

  async #setAside({ kind, side, at, aside }: Named<'setAside'>): Promise<string | null> {
    const ignored = await this.#fakes.store.decisions.ignoredIds(kind, side);
    const ids = (await this.#free(side, kind)).filter((one) => ignored.has(one) !== aside);
    const id = ids[Math.floor(at * ids.length)];
    if (id === undefined) return null;
    const set = await new LinkDesk(this.#workspace()).setAside(flowOf(kind), side, id, aside);
    return `${aside ? 'sets aside' : 'takes back'} ${side} ${kind} ${id}${set.ok ? '' : ` – ${set.failure.what}`}`;
  }

  async #join(how: string, kind: Kind, { customerp, tidsbanken }: Pair<string>): Promise<string> {
    const linked = await new LinkDesk(this.#workspace()).link(flowOf(kind), customerp, tidsbanken);
    return `${how} ${kind} ${customerp}/${tidsbanken}${linked.ok ? '' : ` – ${linked.failure.what}`}`;
  }

  async #free(side: Side, kind: Kind): Promise<string[]> {
    const ids = this.#fakes
      .of(side)
      .all(kind)
      .map((raw) => idOf(side, raw));
    const links = await Promise.all(ids.map((id) => this.#fakes.store.links.of(kind, side, id)));
    return ids.filter((_, index) => links[index] === null);
  }

  /** One of the last runs. Proposes nothing where nothing is left to be taken back. */
  async #undo({ at, approves }: Named<'undo'>): Promise<string | null> {
    const { rows } = await this.#fakes.store.runs.list(0, RUNS_REMEMBERED);
    const run = rows.toReversed()[Math.floor(at * rows.length)];
    if (run === undefined) return null;
    const proposed = await undoOf(this.#workspace()).proposeUndo({ run: run.id });
    if (proposed.ok && proposed.value.changes === 0) return null;
    if (approves) await this.approveUndos();
    return `undoes run ${String(run.id)}: ${JSON.stringify(proposed)}${approves ? ', and approves it' : ''}`;
  }

  /** Nothing else approves them. */
  async approveUndos(): Promise<void> {
    const { changes } = this.#fakes.store;
    const { decideChanges } = changeDecisionsOf(this.#workspace());
    for (const id of await changes.idsIn(['planned']))
      if ((await changes.get(id))?.origin === 'undo') await decideChanges([id], 'approve');
  }

  async #activeLink(at: number): Promise<StoredLink | null> {
    const { links } = this.#fakes.store;
    const count = await links.countEver();
    const all = await Promise.all(Array.from({ length: count }, (_, index) => links.get(index + 1)));
    const active = all.filter((link) => link?.state === 'active');
    return active[Math.floor(at * active.length)] ?? null;
  }

  /** A record that a run may be narrowed to, as the screens would let it be; null: this one may not. */
  async recordFor({ kind, side, at }: NonNullable<RunStep['only']>): Promise<RecordRef | null> {
    const ids = this.#fakes
      .of(side)
      .all(kind)
      .map((raw) => idOf(side, raw));
    const nativeId = ids[Math.floor(at * ids.length)];
    if (nativeId === undefined) return null;
    const ref: RecordRef = { kind, side, nativeId };
    return (await whyNotOnly(this.#workspace(), ref)) === null ? ref : null;
  }

  #workspace(): Workspace {
    const { store, customerp, tidsbanken, flows, settings, clock } = this.#fakes;
    return {
      dir: '',
      // Nothing that decides looks at the configuration file.
      config: {} as never,
      store,
      connectors: { customerp, tidsbanken },
      flows,
      settings,
      versions: { policy: '1', tenant: '1' },
      clock,
      holder: 'simulation',
      person: 'tester',
    };
  }
}
