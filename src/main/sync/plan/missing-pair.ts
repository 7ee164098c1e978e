import { SIDES } from '../../../shared/domain.ts';
import type { Pair, Side } from '../../../shared/domain.ts';
import type { StoredLink } from '../../store/links.ts';
import type { RecordToJudge } from '../../store/records.ts';
import { flowFor, versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { MismatchDraft } from '../drafts.ts';
import { idOn } from '../observe.ts';
import { decideExistence, presenceOf } from '../reconcile/existence.ts';
import type { PresenceVerdict } from '../reconcile/existence.ts';
import { hasDrifted } from '../reconcile/pair.ts';
import { collected } from './match-kind.ts';
import { mergeMismatches } from './merge.ts';
import { bothIn, isOutdated } from './pair-work.ts';
import type { Work } from './pair-work.ts';
import { isActive } from './scope.ts';

/** 5.2: at least one side is missing from a complete collection. Nothing is ever deleted (X1). */
export async function reconcileMissing(
  ctx: SyncContext,
  link: StoredLink,
  records: Pair<RecordToJudge>,
  work: Work,
): Promise<void> {
  const shown = work.mismatches.find((m) => GONE.has(m.mismatch));
  if (shown !== undefined && !provesAbsence(records, work)) {
    work.part.mismatches({ insert: [], seenAgain: work.mismatches.map((m) => m.id), gone: [] });
    bothIn(work, 'mismatch', shown.mismatch);
    return;
  }
  const sight = {
    customerp: await sightOf(ctx, link, records.customerp, work),
    tidsbanken: await sightOf(ctx, link, records.tidsbanken, work),
  };
  const capabilities = {
    customerp: ctx.connectors.customerp.capabilities(link.kind),
    tidsbanken: ctx.connectors.tidsbanken.capabilities(link.kind),
  };
  const outcome = decideExistence(
    {
      linkId: link.id,
      kind: link.kind,
      customerpId: link.customerpId,
      tidsbankenId: link.tidsbankenId,
      label: records.customerp.label === '' ? records.tidsbanken.label : records.customerp.label,
      sight,
      drifted: {
        customerp: hasDrifted(collected(records.customerp), link.base.customerp, work.rules, work.world),
        tidsbanken: hasDrifted(collected(records.tidsbanken), link.base.tidsbanken, work.rules, work.world),
      },
      active: {
        customerp: isActive(ctx, link.kind, records.customerp),
        tidsbanken: isActive(ctx, link.kind, records.tidsbanken),
      },
      archive: { customerp: capabilities.customerp.archive, tidsbanken: capabilities.tidsbanken.archive },
    },
    versionsFor(ctx, link.kind),
  );
  const drafts: MismatchDraft[] = outcome.kind === 'mismatch' ? [outcome.mismatch] : [];
  for (const change of work.changes.filter((c) => c.origin !== 'survivor' || isOutdated(c, work)))
    work.part.change({ insert: null, supersede: [change.id], groups: [] });
  work.part.mismatches(mergeMismatches(work.mismatches, drafts));
  if (outcome.kind === 'tombstone') {
    await ctx.store.links.end(link.id, 'tombstoned', {
      event: 'tombstoned',
      runId: ctx.runId,
      item: `link:${String(link.id)}`,
      detail: { why: outcome.reason },
    });
    bothIn(work, 'skipped', 'tombstoned');
  } else if (outcome.kind === 'mismatch') bothIn(work, 'mismatch', outcome.mismatch.mismatch);
  else bothIn(work, 'skipped', outcome.kind === 'skip' ? outcome.reason : null);
}

const GONE: ReadonlySet<string> = new Set(['goneInCustomerp', 'goneInTidsbanken', 'goneVersusEdited']);

/** T4: a delta, or the later passes of a run, neither confirm what was found missing nor take it back. */
const provesAbsence = (records: Pair<RecordToJudge>, work: Work): boolean =>
  SIDES.some((side) => records[side].missingSince !== null && work.facts.absenceCounts[side]);

async function sightOf(
  ctx: SyncContext,
  link: StoredLink,
  record: RecordToJudge,
  work: Work,
): Promise<PresenceVerdict> {
  const side: Side = record.side;
  if (record.missingSince === null) return { presence: 'present', firstMissedAt: null };
  return presenceOf(
    { seen: false, absenceCounts: work.facts.absenceCounts[side], pointRead: await pointRead(ctx, link, side) },
    record.missingSince,
    ctx.clock.now(),
    ctx.settings.confirmGoneMs,
  );
}

async function pointRead(
  ctx: SyncContext,
  link: StoredLink,
  side: Side,
): Promise<'found' | 'notFound' | 'failed' | 'unsupported'> {
  const connector = ctx.connectors[side];
  if (!connector.capabilities(link.kind).pointRead) return 'unsupported';
  const read = await connector.read({
    kind: link.kind,
    nativeId: idOn(link, side),
    fields: flowFor(ctx, link.kind).fieldsToRead(side),
    signal: ctx.abort,
  });
  if (!read.ok) return 'failed';
  return read.value === null ? 'notFound' : 'found';
}
