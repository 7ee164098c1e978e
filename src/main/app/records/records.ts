import type { RecordDetail } from '../../../shared/contract/views.ts';
import { fail, kindOf, ok } from '../../../shared/domain.ts';
import type { Flow, Problem, Result, Side } from '../../../shared/domain.ts';
import { SYSTEM_NAME } from '../../sync/words.ts';
import type { AppService } from '../app-service.ts';
import { loadPair, withNames } from './pair-in-view.ts';
import { recordHistory } from './record-history.ts';
import { recordPages } from './record-pages.ts';
import { notFound } from '../refusals.ts';
import { asListRow, changeRow, linkView, mismatchRow, propertyViews, recordRow } from '../views.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** The screen Records: what was last read, each record beside its partner, and its history. */
export function recordsOf(w: Workspace): Pick<AppService, 'records' | 'record' | 'recordHistory'> {
  return {
    records: async ({ flow, side, linked, find }, slice) => {
      const filter = { kind: flow === undefined ? undefined : kindOf(flow), side, linked, find };
      const found = await w.store.records.list(filter, slice.offset, slice.limit);
      return { total: found.total, rows: found.rows.map(recordRow) };
    },
    record: (flow, side, nativeId) => recordDetail(w, flow, side, nativeId),
    recordHistory: async (flow, side, nativeId) => {
      const kind = kindOf(flow);
      const compiled = w.flows.get(kind);
      if (compiled === undefined) return fail(notFound(`The flow ${flow} is switched off.`));
      const link = await w.store.links.of(kind, side, nativeId);
      const ids = link === null ? [nativeId] : [link.customerpId, link.tidsbankenId];
      return ok(await recordHistory(w.store, compiled, ids));
    },
  };
}

async function recordDetail(
  { store, flows, config }: Workspace,
  flow: Flow,
  side: Side,
  nativeId: string,
): Promise<Result<RecordDetail, Problem>> {
  const kind = kindOf(flow);
  const record = await store.records.get(kind, side, nativeId);
  const compiled = flows.get(kind);
  if (record === null || compiled === undefined)
    return fail(notFound(`${SYSTEM_NAME[side]} has no record ${nativeId} in ${flow} that was ever read.`));
  const link = await store.links.of(kind, side, nativeId);
  const pair = await loadPair(store, kind, {
    customerp: link?.customerpId ?? (side === 'customerp' ? nativeId : null),
    tidsbanken: link?.tidsbankenId ?? (side === 'tidsbanken' ? nativeId : null),
  });
  const changes = await store.changes.openOfRecord(kind, side, nativeId);
  return ok({
    ...recordRow(asListRow(record, link)),
    isAside: await store.decisions.isIgnored(kind, side, nativeId),
    link: link === null ? null : linkView(link),
    properties: await withNames(store, compiled, propertyViews(compiled, pair)),
    pages: recordPages(config, kind, {
      customerp: pair.customerp?.nativeId ?? null,
      tidsbanken: pair.tidsbanken?.nativeId ?? null,
    }),
    changes: changes.map((change) => changeRow(compiled, change)),
    mismatches: (await store.mismatches.openOfRecord(kind, side, nativeId)).map(mismatchRow),
  });
}
