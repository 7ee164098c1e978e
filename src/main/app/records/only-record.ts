import { SIDES, flowOf } from '../../../shared/domain.ts';
import type { Problem } from '../../../shared/domain.ts';
import type { RecordRef } from '../../store/runs.ts';
import { flowFor } from '../../sync/context.ts';
import { isUnseen } from '../../sync/plan/rebase.ts';
import { SYSTEM_NAME, recordName } from '../../sync/words.ts';
import { notFound, refused } from '../refusals.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * Why a run cannot be narrowed to this record, or null when it can. It must have been read before, be nobody's own
 * record, and go by the mapping under which its kind was last read as a whole: what was agreed under another one must
 * not be compared with what is read by this one (S5).
 */
export async function whyNotOnly(w: Workspace, only: RecordRef): Promise<Problem | null> {
  const { kind, side, nativeId } = only;
  if (!w.flows.has(kind)) return notFound(`The flow ${flowOf(kind)} is switched off.`);
  const record = await w.store.records.get(kind, side, nativeId);
  if (record === null)
    return notFound(`${SYSTEM_NAME[side]} has no record ${nativeId} in ${flowOf(kind)} that was ever read.`);
  if (w.connectors[side].capabilities(kind).systemIds.includes(nativeId))
    return refused(
      `${recordName(side, kind, nativeId, record.label)} is a record of ${SYSTEM_NAME[side]} itself and is never synchronised.`,
      'There is nothing to do.',
      'systemRecord',
    );
  const { version } = flowFor(w, kind);
  const marks = await Promise.all(SIDES.map((one) => w.store.collections.watermark(one, kind)));
  const isOther = marks.some((mark) => mark === null || mark.mapping !== version);
  const agreedUnder = await w.store.bases.mappings(kind);
  return isOther || agreedUnder.some((one) => one !== version) || (await isUnseen(w.store, kind))
    ? readWholeFirst(only)
    : null;
}

const readWholeFirst = (only: RecordRef): Problem =>
  refused(
    `The mapping of ${flowOf(only.kind)} has changed since both systems were last read, or they were never read whole.`,
    'Sync once as a whole; after that, single records can be synchronised again.',
    'readWholeFirst',
    { flow: flowOf(only.kind) },
  );
