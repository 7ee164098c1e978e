import { SIDES, flowOf, otherSide } from '../../../shared/domain.ts';
import type { GroupChange, Kind, Pair, Problem, Props, Result, Side, Take } from '../../../shared/domain.ts';
import { fail, ok } from '../../../shared/domain.ts';
import { groupsFor } from '../../mapping/compile.ts';
import type { NewChange } from '../../store/changes.ts';
import type { StoredLink } from '../../store/links.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import type { StoredRecord } from '../../store/records.ts';
import { flowFor, versionsFor } from '../../sync/context.ts';
import { withLinks } from '../../sync/observe.ts';
import { SYSTEM_NAME, kindName } from '../../sync/words.ts';
import type { DecideOptions } from '../requests.ts';
import { CreateJudge } from './create-judge.ts';
import type { LinkDesk } from '../records/link-desk.ts';
import { refused, stale } from '../refusals.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What a person's decision comes to. Works offline: on what was read, bound to what was shown (D5, V1). */
export type Decided = Result<{ readonly changeId: number | null }, Problem>;

const done: Decided = ok({ changeId: null });

export class Decider {
  readonly #w: Workspace;
  readonly #links: LinkDesk;

  constructor(workspace: Workspace, links: LinkDesk) {
    this.#w = workspace;
    this.#links = links;
  }

  /** @param creates shared by decisions that are taken together */
  async decideMismatch(id: number, options: DecideOptions, creates = new CreateJudge(this.#w)): Promise<Decided> {
    const mismatch = await this.#w.store.mismatches.get(id);
    if (mismatch === null || mismatch.state !== 'open') return fail(stale('This mismatch is no longer open.', 'ended'));
    if (options.take !== 'later' && !mismatch.takes.includes(options.take)) {
      return fail(
        refused(
          `“${options.take}” is not a way out of ${mismatch.mismatch}.`,
          `It has: ${mismatch.takes.join(', ')}.`,
          'noWayOut',
        ),
      );
    }
    if (!this.#w.flows.has(mismatch.kind))
      return fail(
        refused(`The flow ${flowOf(mismatch.kind)} is switched off.`, 'Switch it on in workspace.yaml.', 'flowOff'),
      );
    const decided = await this.#take(mismatch, options, creates);
    if (decided.ok) {
      await this.#w.store.decisions.add({
        person: this.#w.person,
        itemType: 'mismatch',
        itemId: id,
        fingerprint: mismatch.fingerprint,
        take: options.take,
        group: mismatch.group,
      });
    }
    return decided;
  }

  async #take(mismatch: StoredMismatch, { take, linkTo }: DecideOptions, creates: CreateJudge): Promise<Decided> {
    switch (take) {
      case 'later':
        await this.#w.store.tell([this.#row(mismatch, 'decidedLater', take)]);
        return done;
      case 'customerp':
      case 'tidsbanken':
        return this.#takeSide(mismatch, take);
      case 'accept':
        if (mismatch.mismatch === 'rail') return this.#acceptRail(mismatch);
        return mismatch.mismatch === 'identityChanged' ? this.#acceptIdentity(mismatch) : this.#accept(mismatch);
      case 'link':
        return this.#linkTo(mismatch, linkTo);
      case 'create':
        return this.#create(mismatch, creates);
      case 'archive':
        return this.#archive(mismatch);
      case 'recreate':
        return this.#recreate(mismatch, creates);
      case 'unlink':
        return this.#unlink(mismatch);
      case 'ignore':
        return this.#ignore(mismatch);
      case 'approve':
      case 'reject':
        return fail(refused(`“${take}” is for pending changes.`, 'Use it in Review.', 'forChanges'));
    }
  }

  /** D5: one side's value goes to the other, as an approved change bound to what was shown. */
  async #takeSide(mismatch: StoredMismatch, side: Side): Promise<Decided> {
    const pair = await this.#pairOf(mismatch);
    if (!pair.ok) return pair;
    const { link, records, props, members } = pair.value;
    const target = otherSide(side);
    const observed = members.every(
      (name) => props.customerp[name] !== undefined && props.tidsbanken[name] !== undefined,
    );
    if (!observed) return fail(stale('One of the values is not readable at present.', 'unreadable'));
    const group: GroupChange = {
      group: mismatch.group ?? '',
      row: 'decision',
      needs: 'review',
      members: members.map((property) => {
        const spelling = records[side].spellings[property];
        const change = { property, expected: props[target][property] ?? null, desired: props[side][property] ?? null };
        return spelling === undefined ? change : { ...change, spelling };
      }),
      fingerprint: mismatch.fingerprint,
      approved: true,
    };
    return this.#addDecided(this.#changeOf(link, target, group, records.customerp.label), mismatch);
  }

  #changeOf(link: StoredLink, target: Side, group: GroupChange, label: string): NewChange {
    return {
      kind: link.kind,
      op: this.#turnsInactive(link.kind, group) ? 'archive' : 'update',
      target,
      linkId: link.id,
      customerpId: link.customerpId,
      tidsbankenId: link.tidsbankenId,
      groups: [group],
      needs: 'review',
      fingerprint: group.fingerprint,
      versions: versionsFor(this.#w, link.kind),
      waitsFor: [],
      label,
      state: 'approved',
      origin: 'decision',
      approvedBy: this.#w.person,
      approvedAt: this.#w.clock.now(),
      rail: null,
    };
  }

  #turnsInactive(kind: Kind, group: GroupChange): boolean {
    const { lifecycle } = flowFor(this.#w, kind).mapping;
    return (
      lifecycle !== undefined &&
      group.members.some(
        (m) =>
          m.property === lifecycle.property && m.desired === lifecycle.inactive && m.expected !== lifecycle.inactive,
      )
    );
  }

  async #addDecided(change: NewChange, mismatch: StoredMismatch): Promise<Decided> {
    const added = await this.#w.store.changes.addDecided(change, mismatch.id, [
      this.#row(mismatch, 'decided', change.target === 'customerp' ? 'tidsbanken' : 'customerp'),
    ]);
    if (added === null)
      return fail(change.op === 'create' ? createStands() : stale('A write to that record is under way.', 'underWay'));
    const group = change.groups[0];
    if (change.linkId !== null && group !== undefined) await this.#w.store.links.unfreeze(change.linkId, group.group);
    return ok(added);
  }

  /** I7: the difference is agreed on; both values become the base. */
  async #accept(mismatch: StoredMismatch): Promise<Decided> {
    const pair = await this.#pairOf(mismatch);
    if (!pair.ok) return pair;
    const { link, props, members } = pair.value;
    const pick = (side: Props): Props =>
      Object.fromEntries(members.flatMap((name) => (side[name] === undefined ? [] : [[name, side[name]]])));
    await this.#w.store.links.acceptPair(
      {
        linkId: link.id,
        base: { customerp: pick(props.customerp), tidsbanken: pick(props.tidsbanken) },
        mapping: versionsFor(this.#w, link.kind).mapping,
      },
      mismatch.group,
      mismatch.id,
      this.#row(mismatch, 'decided', 'accept'),
    );
    return done;
  }

  /** S2, S3: a person vouches for what the rail doubts; the next reading is the new measure. */
  async #acceptRail(mismatch: StoredMismatch): Promise<Decided> {
    const side = SIDES.find((s) => s === mismatch.detail['side']);
    if (side === undefined)
      return fail(refused('This rail cannot be confirmed.', 'Find out why it tripped.', 'railNotPassed'));
    if (mismatch.detail['rail'] === 'S2') await this.#w.store.collections.forgetCount(side, mismatch.kind);
    else await this.#w.store.meta.delete(`tenant:${side}`);
    await this.#w.store.mismatches.end(mismatch.id, 'decided', [this.#row(mismatch, 'decided', 'accept')]);
    return done;
  }

  /** M6: the pair is the same two, with new numbers. */
  async #acceptIdentity(mismatch: StoredMismatch): Promise<Decided> {
    const pair = await this.#pairOf(mismatch);
    if (!pair.ok) return pair;
    const { link, records } = pair.value;
    await this.#w.store.links.setKeys(
      link.id,
      this.#links.keysOf(link.kind, records),
      this.#row(mismatch, 'decided', 'accept'),
    );
    await this.#w.store.mismatches.end(mismatch.id, 'decided', []);
    return done;
  }

  async #linkTo(mismatch: StoredMismatch, linkTo: string | undefined): Promise<Decided> {
    const own: Side = mismatch.customerpId === null ? 'tidsbanken' : 'customerp';
    const partner =
      linkTo ??
      (own === 'customerp' ? mismatch.tidsbankenId : mismatch.customerpId) ??
      (mismatch.candidates.length === 1 ? mismatch.candidates[0] : undefined);
    const ownId = own === 'customerp' ? mismatch.customerpId : mismatch.tidsbankenId;
    if (partner === undefined || partner === null || ownId === null)
      return fail(refused('It is not said which record to link to.', 'Name it, for example link:ID.', 'noPartner'));
    const linked = await this.#links.link(
      flowOf(mismatch.kind),
      own === 'customerp' ? ownId : partner,
      own === 'customerp' ? partner : ownId,
    );
    if (!linked.ok) return linked;
    await this.#w.store.mismatches.end(mismatch.id, 'decided', []);
    return done;
  }

  /** A person wants a counterpart, whatever the creation rule says. */
  async #create(mismatch: StoredMismatch, creates: CreateJudge): Promise<Decided> {
    const side: Side = mismatch.customerpId === null ? 'tidsbanken' : 'customerp';
    const id = side === 'customerp' ? mismatch.customerpId : mismatch.tidsbankenId;
    const record = id === null ? null : await this.#w.store.records.get(mismatch.kind, side, id);
    if (record === null) return fail(stale('The record is not known any more.', 'unknownRecord'));
    return this.#createFor(record, mismatch, creates);
  }

  async #createFor(record: StoredRecord, mismatch: StoredMismatch, creates: CreateJudge): Promise<Decided> {
    const target = otherSide(record.side);
    if (!this.#w.connectors[target].capabilities(record.kind).create)
      return fail(
        refused(
          `${SYSTEM_NAME[target]} takes no new ${kindName(target, record.kind)}.`,
          'Create it there by hand, then link it.',
          'takesNoNew',
          { system: target },
        ),
      );
    const outcome = await creates.outcomeFor(record);
    if (outcome.change === null) {
      const [why] = outcome.mismatches;
      if (why?.mismatch === 'idCollision' && ['taken', 'usedUp'].includes(why.detail['why'] ?? ''))
        return fail(numberUsed(target));
      return fail(
        refused(
          `Its counterpart cannot be created: ${why === undefined ? (outcome.reason ?? 'unknown') : `${why.mismatch} ${Object.values(why.detail).join(' ')}`}.`,
          'Correct the record in its own system, then sync.',
          'cannotCreate',
        ),
      );
    }
    const groups = outcome.change.groups.map((g) => ({ ...g, approved: true }));
    return this.#addDecided(
      {
        ...outcome.change,
        groups,
        versions: versionsFor(this.#w, record.kind),
        state: 'approved',
        origin: 'decision',
        approvedBy: this.#w.person,
        approvedAt: this.#w.clock.now(),
        rail: null,
      },
      mismatch,
    );
  }

  /** X1: the survivor is closed, never deleted. Once it is, the link ends by itself (X2). */
  async #archive(mismatch: StoredMismatch): Promise<Decided> {
    const link = mismatch.linkId === null ? null : await this.#w.store.links.get(mismatch.linkId);
    const survivor: Side = mismatch.detail['goneIn'] === 'customerp' ? 'tidsbanken' : 'customerp';
    const flow = flowFor(this.#w, mismatch.kind);
    const { lifecycle } = flow.mapping;
    const id = survivor === 'customerp' ? mismatch.customerpId : mismatch.tidsbankenId;
    const record = id === null ? null : await this.#w.store.records.get(mismatch.kind, survivor, id);
    if (link === null || lifecycle === undefined || record === null)
      return fail(refused('This record cannot be closed from here.', 'Unlink it instead.', 'cannotClose'));
    const group: GroupChange = {
      group: flow.groups.find((g) => g.lifecycle)?.name ?? lifecycle.property,
      row: 'decision',
      needs: 'review',
      members: [
        {
          property: lifecycle.property,
          expected: record.props[lifecycle.property] ?? null,
          desired: lifecycle.inactive,
        },
      ],
      fingerprint: mismatch.fingerprint,
      approved: true,
    };
    return this.#addDecided({ ...this.#changeOf(link, survivor, group, record.label), origin: 'survivor' }, mismatch);
  }

  /** X1: the missing one is made again, as a new link. */
  async #recreate(mismatch: StoredMismatch, creates: CreateJudge): Promise<Decided> {
    const survivor: Side = mismatch.detail['goneIn'] === 'customerp' ? 'tidsbanken' : 'customerp';
    const id = survivor === 'customerp' ? mismatch.customerpId : mismatch.tidsbankenId;
    const record = id === null ? null : await this.#w.store.records.get(mismatch.kind, survivor, id);
    if (record === null || mismatch.linkId === null)
      return fail(stale('The record is not known any more.', 'unknownRecord'));
    const created = await this.#createFor(record, mismatch, creates);
    if (!created.ok) return created;
    await this.#w.store.links.end(mismatch.linkId, 'tombstoned', this.#row(mismatch, 'tombstoned', 'recreate'));
    return created;
  }

  async #unlink(mismatch: StoredMismatch): Promise<Decided> {
    if (mismatch.linkId === null)
      return fail(refused('There is no link to end.', 'Look the record up in Records.', 'noLink'));
    const unlinked = await this.#links.unlink(mismatch.linkId);
    return unlinked.ok ? done : unlinked;
  }

  async #ignore(mismatch: StoredMismatch): Promise<Decided> {
    if (mismatch.linkId !== null) {
      const unlinked = await this.#links.unlink(mismatch.linkId);
      if (!unlinked.ok) return unlinked;
    }
    for (const [customerpId, tidsbankenId] of [
      [mismatch.customerpId, null],
      [null, mismatch.tidsbankenId],
    ] as const) {
      if (customerpId === null && tidsbankenId === null) continue;
      await this.#w.store.decisions.setAside(
        mismatch.kind,
        customerpId,
        tidsbankenId,
        'ignored',
        this.#row(mismatch, 'setAside', 'ignore'),
      );
    }
    await this.#w.store.mismatches.end(mismatch.id, 'decided', []);
    return done;
  }

  /** The pair behind a finding, with the group's members; refused where a side has changed since it was shown. */
  async #pairOf(
    mismatch: StoredMismatch,
  ): Promise<
    Result<{ link: StoredLink; records: Pair<StoredRecord>; props: Pair<Props>; members: string[] }, Problem>
  > {
    const link = mismatch.linkId === null ? null : await this.#w.store.links.get(mismatch.linkId);
    if (link === null || link.state !== 'active')
      return fail(stale('The two records are no longer linked.', 'notLinked'));
    const flow = flowFor(this.#w, link.kind);
    const customerp = await this.#w.store.records.get(link.kind, 'customerp', link.customerpId);
    const tidsbanken = await this.#w.store.records.get(link.kind, 'tidsbanken', link.tidsbankenId);
    if (customerp === null || tidsbanken === null)
      return fail(stale('One of the records is not known any more.', 'unknownRecord'));
    if (await this.#w.store.links.isDirty(link.id))
      return fail(stale('One of the records has changed since this was found.', 'changed'));
    const group = groupsFor(flow, customerp.props, tidsbanken.props).find((g) => g.name === mismatch.group);
    return ok({
      link,
      records: { customerp, tidsbanken },
      props: {
        customerp: await withLinks(this.#w, flow, 'customerp', customerp.props),
        tidsbanken: await withLinks(this.#w, flow, 'tidsbanken', tidsbanken.props),
      },
      members: group?.properties.map((p) => p.name) ?? [],
    });
  }

  #row(mismatch: StoredMismatch, event: string, take: Take) {
    return {
      event,
      item: mismatch.linkId === null ? `mismatch:${String(mismatch.id)}` : `link:${String(mismatch.linkId)}`,
      detail: {
        person: this.#w.person,
        take,
        mismatch: mismatch.mismatch,
        kind: mismatch.kind,
        customerpId: mismatch.customerpId,
        tidsbankenId: mismatch.tidsbankenId,
        group: mismatch.group,
      },
    };
  }
}

/** K8: also that of a record which is gone; whoever kept the number elsewhere would take the new one for it. */
const createStands = (): Problem =>
  refused(
    'A counterpart of it waits already, or is being created.',
    'Decide that change first, in Review.',
    'createStands',
  );

const numberUsed = (target: Side): Problem =>
  refused(
    `Its number has been used in ${SYSTEM_NAME[target]} before, and no number is used twice.`,
    'Give the record another number in its own system and sync, or make its counterpart by hand and link the two.',
    'numberUsed',
    { system: target },
  );
