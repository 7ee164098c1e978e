import { isAskedFor, otherSide, SIDES } from '../../../shared/domain.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredLink } from '../../store/links.ts';
import { versionsFor } from '../context.ts';
import type { SyncContext } from '../context.ts';
import type { PairOutcome } from '../drafts.ts';
import { resolveReferences } from '../reconcile/references.ts';
import { stillStands } from '../undo/undo.ts';
import { collected } from './match-kind.ts';
import { mergeChange, mergeMismatches } from './merge.ts';
import { bothIn, isOutdated, laidOver } from './pair-work.ts';
import type { Work } from './pair-work.ts';
import type { PartBuilder } from './part.ts';

/** What was judged of a pair, merged with what stands of it already: bases, changes, findings, buckets. */
export function keepOutcome(ctx: SyncContext, link: StoredLink, outcome: PairOutcome, work: Work): void {
  const { part, facts } = work;
  const moved = laidOver(work.renewed, outcome.base);
  if (SIDES.some((side) => Object.keys(moved[side]).length > 0))
    part.base({ linkId: link.id, base: moved, mapping: versionsFor(ctx, link.kind).mapping });
  const settled = new Set<string>();
  let waiting = 0;
  for (const target of SIDES) {
    const open = work.changes.find((c) => c.target === target) ?? null;
    if (open !== null && standsAsAskedFor(open, link, outcome, work)) {
      waiting += open.groups.length;
      continue;
    }
    const existing = open !== null && isAskedFor(open.origin) ? dropped(ctx, open, part) : open;
    const draft = outcome.changes.find((c) => c.target === target) ?? null;
    // D6: a direction narrowed since the decision has taken its way out away.
    const offered = outcome.mismatches.filter((m) => m.takes.includes(otherSide(target)));
    const standing = new Set(offered.map((m) => m.fingerprint));
    const merged = mergeChange(existing, draft, { ...facts.merge, standing });
    part.change(merged);
    waiting += merged.groups.length;
    for (const group of merged.groups) if (group.row === 'decision') settled.add(group.fingerprint);
  }
  const mismatches = outcome.mismatches.filter((m) => !settled.has(m.fingerprint));
  part.mismatches(mergeMismatches(work.mismatches, mismatches));
  if (outcome.bucket === 'skipped' || outcome.bucket === 'failed') bothIn(work, outcome.bucket, outcome.reason);
  else if (mismatches.length > 0) bothIn(work, 'mismatch', mismatches[0]?.mismatch ?? null);
  else if (waiting > 0) bothIn(work, 'proposed', null);
  else if (outcome.changes.length > 0) bothIn(work, 'skipped', 'rejected');
  else bothIn(work, 'inStep', null);
}

/**
 * 7.5: what a person asked to be taken back waits for their approval, and the sync's own proposal for that record with
 * it, as long as there is something to take back and the pair may be written (M6, D6, V2).
 */
function standsAsAskedFor(open: StoredChange, link: StoredLink, outcome: PairOutcome, work: Work): boolean {
  if (!isAskedFor(open.origin) || isOutdated(open, work)) return false;
  const mayBeWritten =
    outcome.reason !== 'outOfScope' && !outcome.mismatches.some((m) => m.mismatch === 'identityChanged');
  const record = work[open.target];
  if (record === null || !mayBeWritten) return false;
  const { props } = resolveReferences(collected(record), work.rules.references, work.world.linkOf);
  return stillStands(open, props, link);
}

/** Nothing of it is left to be taken back: what was edited since is kept. */
function dropped(ctx: SyncContext, open: StoredChange, part: PartBuilder): null {
  part.change({ insert: null, supersede: [open.id], groups: [] });
  part.note({ event: 'undoKept', runId: ctx.runId, item: `change:${String(open.id)}`, detail: aboutChange(open) });
  return null;
}

const aboutChange = ({ kind, target, customerpId, tidsbankenId }: StoredChange) => ({
  kind,
  target,
  customerpId,
  tidsbankenId,
});
