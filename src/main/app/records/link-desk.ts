import { DIRECTIONS, SIDES, fail, kindOf, ok } from '../../../shared/domain.ts';
import type { ChangeState, Direction, Flow, Kind, Pair, Problem, Result, Side } from '../../../shared/domain.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { NewLink, StoredLink } from '../../store/links.ts';
import type { StoredRecord } from '../../store/records.ts';
import { flowFor, policyFor } from '../../sync/context.ts';
import { strongKeys } from '../../sync/plan/flow-rules.ts';
import { SYSTEM_NAME, kindName } from '../../sync/words.ts';
import { notFound, refused, stale } from '../refusals.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** A person's hand on single links: make, end, narrow, find. Works offline, on what was read. */
export class LinkDesk {
  readonly #w: Workspace;

  constructor(workspace: Workspace) {
    this.#w = workspace;
  }

  /** Links two records by hand. Both must be there, unlinked, and no record of the system itself. */
  async link(flow: Flow, customerpId: string, tidsbankenId: string): Promise<Result<{ linkId: number }, Problem>> {
    const kind = kindOf(flow);
    const free = await this.#records(kind, customerpId, tidsbankenId);
    if (!free.ok) return free;
    const [linked] = await this.#linksOf(kind, customerpId, tidsbankenId);
    return linked === undefined ? this.#join(kind, free.value, null) : fail(linkedAlready(linked));
  }

  /**
   * Links two records of which one is linked to another: that link ends in the same step, so that no moment sees the
   * record without a partner. Neither record is changed, and the new pair starts without a base (M7).
   */
  async relink(flow: Flow, customerpId: string, tidsbankenId: string): Promise<Result<{ linkId: number }, Problem>> {
    const kind = kindOf(flow);
    const records = await this.#records(kind, customerpId, tidsbankenId);
    if (!records.ok) return records;
    const [former, other] = await this.#linksOf(kind, customerpId, tidsbankenId);
    if (former === undefined) return this.#join(kind, records.value, null);
    if (former.customerpId === customerpId && former.tidsbankenId === tidsbankenId) return fail(linkedAlready(former));
    if (other !== undefined) return fail(bothLinked(former, other));
    if (await this.#isUnderWay(former.id)) return fail(stale('A write to that pair is under way.', 'underWay'));
    return this.#join(kind, records.value, former);
  }

  /**
   * A record without a link that nobody is to be asked about any more, or is to be asked about again. A linked one is
   * paused instead (D6).
   */
  async setAside(
    flow: Flow,
    side: Side,
    nativeId: string,
    aside: boolean,
  ): Promise<Result<{ aside: boolean }, Problem>> {
    const kind = kindOf(flow);
    const record = await this.#w.store.records.get(kind, side, nativeId);
    if (record === null) return fail(neverRead(side, kind, nativeId));
    const linked = await this.#w.store.links.of(kind, side, nativeId);
    if (linked !== null) return fail(linkedAlready(linked));
    const open = await this.#w.store.changes.openOfRecord(kind, side, nativeId);
    if (open.some(({ state }) => UNDER_WAY.includes(state)))
      return fail(stale('A write for that record is under way.', 'underWay'));
    const [customerpId, tidsbankenId] = side === 'customerp' ? [nativeId, null] : [null, nativeId];
    const told = {
      item: `${side}:${kind}:${nativeId}`,
      detail: { person: this.#w.person, kind, customerpId, tidsbankenId },
    };
    const { changes, decisions, mismatches } = this.#w.store;
    if (!aside) {
      await decisions.takeBack(kind, customerpId, tidsbankenId, { event: 'takenBack', ...told });
      return ok({ aside });
    }
    await changes.supersedeCreates(kind, customerpId ?? '', tidsbankenId ?? '');
    await decisions.setAside(kind, customerpId, tidsbankenId, 'ignored', { event: 'setAside', ...told });
    await mismatches.endOfRecords(kind, customerpId ?? '', tidsbankenId ?? '');
    return ok({ aside });
  }

  /** Both records as last read; refused where one is unknown, the system's own, or listed as never to be linked. */
  async #records(kind: Kind, customerpId: string, tidsbankenId: string): Promise<Result<Pair<StoredRecord>, Problem>> {
    const ids = { customerp: customerpId, tidsbanken: tidsbankenId };
    const { records } = this.#w.store;
    for (const side of SIDES) {
      const id = ids[side];
      if (this.#w.connectors[side].capabilities(kind).systemIds.includes(id))
        return fail(
          refused(`${id} is a record of ${SYSTEM_NAME[side]} itself.`, 'Choose another one.', 'systemRecord'),
        );
      if (policyFor(this.#w, kind).neverLink[side].includes(id))
        return fail(
          refused(
            `${id} is listed under neverLink in workspace.yaml.`,
            'Choose another one, or take it off the list.',
            'neverLink',
          ),
        );
    }
    const customerp = await records.get(kind, 'customerp', customerpId);
    if (customerp === null) return fail(neverRead('customerp', kind, customerpId));
    const tidsbanken = await records.get(kind, 'tidsbanken', tidsbankenId);
    return tidsbanken === null ? fail(neverRead('tidsbanken', kind, tidsbankenId)) : ok({ customerp, tidsbanken });
  }

  /** The living links of the two, each once. */
  async #linksOf(kind: Kind, customerpId: string, tidsbankenId: string): Promise<StoredLink[]> {
    const links = [
      await this.#w.store.links.of(kind, 'customerp', customerpId),
      await this.#w.store.links.of(kind, 'tidsbanken', tidsbankenId),
    ];
    return [...new Map(links.flatMap((link) => (link === null ? [] : [[link.id, link]]))).values()];
  }

  async #isUnderWay(linkId: number): Promise<boolean> {
    return (await this.#w.store.changes.openOfLink(linkId)).some(({ state }) => UNDER_WAY.includes(state));
  }

  /** @param former the link that ends for it, if one does */
  async #join(
    kind: Kind,
    records: Pair<StoredRecord>,
    former: StoredLink | null,
  ): Promise<Result<{ linkId: number }, Problem>> {
    const { store, person } = this.#w;
    const customerpId = records.customerp.nativeId;
    const tidsbankenId = records.tidsbanken.nativeId;
    await store.changes.supersedeCreates(kind, customerpId, tidsbankenId);
    await store.decisions.takeBack(kind, customerpId, null, {
      event: 'takenBack',
      item: `customerp:${kind}:${customerpId}`,
    });
    await store.decisions.takeBack(kind, null, tidsbankenId, {
      event: 'takenBack',
      item: `tidsbanken:${kind}:${tidsbankenId}`,
    });
    const made: NewLink = { kind, customerpId, tidsbankenId, origin: 'byHand', keys: this.keysOf(kind, records) };
    const linkMade = (_link: NewLink, id: number): JournalEntry => ({
      event: 'linkMade',
      item: `link:${String(id)}`,
      detail: { kind, customerpId, tidsbankenId, origin: 'byHand', person },
    });
    const [linkId] =
      former === null
        ? await store.links.make([made], linkMade)
        : [await store.links.replace(former.id, this.#unlinked(former), made, linkMade)];
    if (linkId === undefined) throw new Error('The link was not kept.');
    await store.mismatches.endOfRecords(kind, customerpId, tidsbankenId);
    return ok({ linkId });
  }

  #unlinked(link: StoredLink): JournalEntry {
    const { person } = this.#w;
    return {
      event: 'unlinked',
      item: `link:${String(link.id)}`,
      detail: { person, customerpId: link.customerpId, tidsbankenId: link.tidsbankenId },
    };
  }

  async unlink(linkId: number): Promise<Result<{ linkId: number }, Problem>> {
    const link = await this.#w.store.links.get(linkId);
    if (link === null || link.state === 'unlinked' || link.state === 'tombstoned')
      return fail(notFound(`There is no living link ${String(linkId)}.`));
    if (await this.#isUnderWay(linkId)) return fail(stale('A write to that pair is under way.', 'underWay'));
    await this.#w.store.links.end(linkId, 'unlinked', this.#unlinked(link));
    return ok({ linkId });
  }

  async setDirection(linkId: number, direction: Direction): Promise<Result<{ linkId: number }, Problem>> {
    if (!DIRECTIONS.includes(direction))
      return fail(
        refused(`There is no direction “${direction}”.`, `Choose one of ${DIRECTIONS.join(', ')}.`, 'noDirection'),
      );
    const link = await this.#w.store.links.get(linkId);
    if (link === null || link.state !== 'active') return fail(notFound(`There is no active link ${String(linkId)}.`));
    await this.#w.store.links.setDirection(linkId, direction, {
      event: 'directionSet',
      item: `link:${String(linkId)}`,
      detail: { person: this.#w.person, direction },
    });
    return ok({ linkId });
  }

  /** The link of the pair that one of its two ids names. */
  async find(flow: Flow, nativeId: string): Promise<Result<{ linkId: number }, Problem>> {
    const links = await Promise.all(SIDES.map((side) => this.#w.store.links.of(kindOf(flow), side, nativeId)));
    const ids = new Set(links.flatMap((link) => (link === null ? [] : [link.id])));
    const [linkId, other] = [...ids];
    if (linkId === undefined) return fail(notFound(`No record ${nativeId} in ${flow} is linked.`));
    if (other === undefined) return ok({ linkId });
    return fail(
      refused(
        `${nativeId} is a Customerp id of one pair and a Tidsbanken id of another in ${flow}.`,
        'Use the id of the other record of the pair you mean.',
        'twoPairs',
      ),
    );
  }

  /** The strong keys that both sides hold now: what the link is made with (M6). */
  keysOf(kind: Kind, records: Pair<StoredRecord>): Record<string, Pair<string | null>> {
    const flow = flowFor(this.#w, kind);
    const keys = {
      customerp: strongKeys(flow, records.customerp.props),
      tidsbanken: strongKeys(flow, records.tidsbanken.props),
    };
    const names = new Set([...Object.keys(keys.customerp), ...Object.keys(keys.tidsbanken)]);
    return Object.fromEntries(
      [...names].map((name) => [
        name,
        { customerp: keys.customerp[name] ?? null, tidsbanken: keys.tidsbanken[name] ?? null },
      ]),
    );
  }
}

/** From here on it is too late to decide (section 6). */
const UNDER_WAY: readonly ChangeState[] = ['preparing', 'sending', 'acked', 'unknown'];

const neverRead = (side: Side, kind: Kind, nativeId: string): Problem =>
  notFound(`${SYSTEM_NAME[side]} has no ${kindName(side, kind)} ${nativeId} that was ever read.`);

const linkedAlready = ({ customerpId, tidsbankenId }: StoredLink): Problem =>
  refused(
    `${customerpId} in Customerp and ${tidsbankenId} in Tidsbanken are linked to each other.`,
    'Unlink them first.',
    'linkedAlready',
    { customerpId, tidsbankenId },
  );

const bothLinked = (one: StoredLink, other: StoredLink): Problem =>
  refused(
    `Both records are linked, and not to each other (${one.customerpId} ↔ ${one.tidsbankenId}, ${other.customerpId} ↔ ${other.tidsbankenId}).`,
    'Unlink one of the two pairs first, so that you see which record is left without a partner.',
    'bothLinked',
  );
