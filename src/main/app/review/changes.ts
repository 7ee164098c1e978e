import type { BulkSummary, ChangeDetail } from '../../../shared/contract/views.ts';
import { fail, flowOf, kindOf, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { ChangeFilter, StoredChange } from '../../store/changes.ts';
import { nativeIdOf } from '../../sync/observe.ts';
import { SYSTEM_NAME } from '../../sync/words.ts';
import type { AppService } from '../app-service.ts';
import type { ReviewQuery } from '../requests.ts';
import { loadPair, withNames } from '../records/pair-in-view.ts';
import { notFound } from '../refusals.ts';
import { changeRow, groupView } from '../views.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** The screen Review, as it is read; change-decisions.ts takes what a person decides there. */
export function changesOf(w: Workspace): Pick<AppService, 'changes' | 'change' | 'bulkSummary'> {
  return {
    changes: async (query, slice) => {
      const found = await w.store.changes.list(filterOf(query), slice.offset, slice.limit);
      return { total: found.total, rows: found.rows.map((change) => changeRow(w.flows.get(change.kind), change)) };
    },
    change: (id) => changeDetail(w, id),
    bulkSummary: async (query) => summaryOfChanges(await w.store.changes.summary(filterOf(query))),
  };
}

export const filterOf = (query: ReviewQuery): ChangeFilter => ({
  kind: query.flow === undefined ? undefined : kindOf(query.flow),
  target: query.target,
  op: query.op,
  show: query.show,
  find: query.find,
});

async function changeDetail(w: Workspace, id: number): Promise<Result<ChangeDetail, Problem>> {
  const change = await w.store.changes.get(id);
  const flow = change === null ? undefined : w.flows.get(change.kind);
  if (change === null || flow === undefined) return fail(notFound(`There is no change ${String(id)}.`));
  return ok({
    ...changeRow(flow, change),
    groupViews: await groupViews(w, flow, change),
    approvedBy: change.approvedBy,
    approvedAt: change.approvedAt,
    waitsFor: change.waitsFor.map((ref) => `${SYSTEM_NAME[ref.side]} ${ref.kind} ${ref.nativeId}`),
  });
}

async function groupViews(w: Workspace, flow: CompiledFlow, change: StoredChange): Promise<ChangeDetail['groupViews']> {
  const ids = { customerp: change.customerpId, tidsbanken: change.tidsbankenId };
  const pair = await loadPair(w.store, change.kind, ids);
  const nativeIds = await referredIds(w, change);
  return Promise.all(
    change.groups.map(async (group) => {
      const view = groupView(flow, pair, group, nativeIds);
      return { ...view, properties: await withNames(w.store, flow, view.properties) };
    }),
  );
}

/** The records of the target that a change's references stand for, by `link:ID`. */
async function referredIds(w: Workspace, change: StoredChange): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const { desired } of change.groups.flatMap((g) => g.members)) {
    if (desired === null || !desired.startsWith('link:')) continue;
    const nativeId = await nativeIdOf(w, change.target, desired);
    if (nativeId !== null) ids.set(desired, nativeId);
  }
  return ids;
}

type Counted = Awaited<ReturnType<Workspace['store']['changes']['summary']>>[number];

/** What “Approve all” would approve, by flow, target and operation. */
function summaryOfChanges(counted: readonly Counted[]): BulkSummary {
  const bySort = new Map<string, BulkSummary['rows'][number]>();
  for (const { kind, target, op, count, review } of counted) {
    const sort = `${kind}:${target}:${op}`;
    const before = bySort.get(sort) ?? { flow: flowOf(kind), target, op, count: 0, review: 0 };
    bySort.set(sort, { ...before, count: before.count + count, review: before.review + review });
  }
  return {
    total: counted.reduce((n, { count }) => n + count, 0),
    rows: [...bySort.values()],
    rails: [...new Set(counted.flatMap(({ rail }) => (rail === null ? [] : [rail])))],
  };
}
