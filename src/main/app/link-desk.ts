import { DIRECTIONS, SIDES, fail, kindOf, ok } from '../../shared/domain.ts';
import type { Direction, Flow, Kind, Pair, Problem, Result } from '../../shared/domain.ts';
import type { StoredRecord } from '../store/records.ts';
import { flowFor, policyFor } from '../sync/context.ts';
import { strongKeys } from '../sync/plan/flow-rules.ts';
import { SYSTEM_NAME, kindName } from '../sync/words.ts';
import { notFound, refused, stale } from './refusals.ts';
import type { Workspace } from './workspace.ts';

/** A person's hand on single links: make, end, narrow, find. Works offline, on what was read. */
export class LinkDesk {
  readonly #w: Workspace;

  constructor(workspace: Workspace) {
    this.#w = workspace;
  }

  /** Links two records by hand. Both must be there, unlinked, and no record of the system itself. */
  async link(flow: Flow, customerpId: string, tidsbankenId: string): Promise<Result<{ linkId: number }, Problem>> {
    const kind = kindOf(flow);
    const { store } = this.#w;
    const records = {
      customerp: await store.records.get(kind, 'customerp', customerpId),
      tidsbanken: await store.records.get(kind, 'tidsbanken', tidsbankenId),
    };
    for (const [side, id] of [['customerp', customerpId] as const, ['tidsbanken', tidsbankenId] as const]) {
      if (records[side] === null)
        return fail(notFound(`${SYSTEM_NAME[side]} has no ${kindName(side, kind)} ${id} that was ever read.`));
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
      const linked = await store.links.of(kind, side, id);
      if (linked !== null)
        return fail(
          refused(
            `${SYSTEM_NAME[side]} ${kindName(side, kind)} ${id} is linked already (${linked.customerpId} ↔ ${linked.tidsbankenId}).`,
            'Unlink it first.',
            'linkedAlready',
            { customerpId: linked.customerpId, tidsbankenId: linked.tidsbankenId },
          ),
        );
    }
    if (records.customerp === null || records.tidsbanken === null) throw new Error('Checked above.');
    await store.changes.supersedeCreates(kind, customerpId, tidsbankenId);
    await store.decisions.takeBack(kind, customerpId, null, {
      event: 'takenBack',
      item: `customerp:${kind}:${customerpId}`,
    });
    await store.decisions.takeBack(kind, null, tidsbankenId, {
      event: 'takenBack',
      item: `tidsbanken:${kind}:${tidsbankenId}`,
    });
    const keys = this.keysOf(kind, { customerp: records.customerp, tidsbanken: records.tidsbanken });
    const [linkId] = await store.links.make(
      [{ kind, customerpId, tidsbankenId, origin: 'byHand', keys }],
      (made, id) => ({
        event: 'linkMade',
        item: `link:${String(id)}`,
        detail: {
          kind,
          customerpId: made.customerpId,
          tidsbankenId: made.tidsbankenId,
          origin: 'byHand',
          person: this.#w.person,
        },
      }),
    );
    if (linkId === undefined) throw new Error('The link was not kept.');
    await store.mismatches.endOfRecords(kind, customerpId, tidsbankenId);
    return ok({ linkId });
  }

  async unlink(linkId: number): Promise<Result<{ linkId: number }, Problem>> {
    const link = await this.#w.store.links.get(linkId);
    if (link === null || link.state === 'unlinked' || link.state === 'tombstoned')
      return fail(notFound(`There is no living link ${String(linkId)}.`));
    const busy = (await this.#w.store.changes.openOfLink(linkId)).some((c) =>
      ['preparing', 'sending', 'acked', 'unknown'].includes(c.state),
    );
    if (busy) return fail(stale('A write to that pair is under way.', 'underWay'));
    await this.#w.store.links.end(linkId, 'unlinked', {
      event: 'unlinked',
      item: `link:${String(linkId)}`,
      detail: { person: this.#w.person, customerpId: link.customerpId, tidsbankenId: link.tidsbankenId },
    });
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
