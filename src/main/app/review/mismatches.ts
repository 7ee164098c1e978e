import type { CandidateView, DecisionOutcome, MismatchDetail, MismatchRow } from '../../../shared/contract/views.ts';
import { fail, flowOf, kindOf, ok, otherSide } from '../../../shared/domain.ts';
import type { Problem, Result, Side } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { StoredMismatch } from '../../store/mismatches.ts';
import type { StoredRecord } from '../../store/records.ts';
import type { AppService } from '../app-service.ts';
import type { DecideOptions, Listed, MismatchQuery, Slice } from '../requests.ts';
import { CreateJudge } from './create-judge.ts';
import type { Decided, Decider } from './decide.ts';
import { collectOutcome, collectPages, countDiffers } from './decision-outcome.ts';
import { everyRow } from './every-row.ts';
import { MassWatch } from './mass-watch.ts';
import { summaryOfMismatches } from './mismatch-summary.ts';
import { loadPair, withNames } from '../records/pair-in-view.ts';
import { recordPages } from '../records/record-pages.ts';
import { notFound } from '../refusals.ts';
import { candidateView, mismatchRow, propertyViews } from '../views.ts';
import type { Workspace } from '../workspace/workspace.ts';

type MismatchPart = Pick<
  AppService,
  'mismatches' | 'mismatchCounts' | 'mismatch' | 'mismatchSummary' | 'decideAllMismatches' | 'decideMismatches'
>;

/** The screen Mismatches: what was found, and what a person decides about one or many of them. */
export function mismatchesOf(w: Workspace, decider: Decider): MismatchPart {
  const all = (query: MismatchQuery): Promise<MismatchRow[]> => everyRow((slice) => listMismatches(w, query, slice));
  return {
    mismatches: (query, slice) => listMismatches(w, query, slice),
    mismatchCounts: async () =>
      (await w.store.mismatches.counts()).map(({ kind, mismatch, count }) => ({
        flow: flowOf(kind),
        kind: mismatch,
        count,
      })),
    mismatch: (id) => mismatchDetail(w, id),
    mismatchSummary: async (query) => summaryOfMismatches(await all(query)),
    decideAllMismatches: async (query, take, confirmCount) => {
      const ids = (await all(query)).map(({ id }) => id);
      return ids.length === confirmCount
        ? ok(await decideMismatches(w, decider, ids, { take }))
        : fail(countDiffers(ids.length, confirmCount, 'mismatches'));
    },
    decideMismatches: (ids, options) => decideMismatches(w, decider, ids, options),
  };
}

async function listMismatches({ store }: Workspace, query: MismatchQuery, slice: Slice): Promise<Listed<MismatchRow>> {
  const found = await store.mismatches.list(
    { kind: query.flow === undefined ? undefined : kindOf(query.flow), mismatch: query.kind, find: query.find },
    slice.offset,
    slice.limit,
  );
  return { total: found.total, rows: found.rows.map(mismatchRow) };
}

async function mismatchDetail(w: Workspace, id: number): Promise<Result<MismatchDetail, Problem>> {
  const mismatch = await w.store.mismatches.get(id);
  const flow = mismatch === null ? undefined : w.flows.get(mismatch.kind);
  if (mismatch === null || flow === undefined) return fail(notFound(`There is no mismatch ${String(id)}.`));
  const ids = { customerp: mismatch.customerpId, tidsbanken: mismatch.tidsbankenId };
  const pair = await loadPair(w.store, mismatch.kind, ids);
  const own = pair.customerp ?? pair.tidsbanken;
  return ok({
    ...mismatchRow(mismatch),
    properties: await withNames(w.store, flow, propertyViews(flow, pair)),
    candidates: own === null ? [] : await candidateViews(w, flow, own, mismatch),
    pages: recordPages(w.config, mismatch.kind, ids),
  });
}

async function candidateViews(
  { store }: Workspace,
  flow: CompiledFlow,
  own: StoredRecord,
  mismatch: StoredMismatch,
): Promise<CandidateView[]> {
  const side = otherSide(own.side);
  const found = await Promise.all(
    candidateIds(mismatch, side).map((nativeId) => store.records.get(mismatch.kind, side, nativeId)),
  );
  const candidates = found
    .filter((record) => record !== null)
    .map(async (record) => {
      const link = await store.links.of(record.kind, record.side, record.nativeId);
      return candidateView(flow, own, record, link !== null);
    });
  return Promise.all(candidates);
}

/** Two unlinked records that a finding names are each other's candidate: their keys say why, and one choice links them. */
function candidateIds({ candidates, linkId, customerpId, tidsbankenId, takes }: StoredMismatch, side: Side): string[] {
  const named = side === 'customerp' ? customerpId : tidsbankenId;
  const isPair = linkId === null && named !== null && takes.includes('link');
  return [...new Set([...(isPair ? [named] : []), ...candidates])];
}

async function decideMismatches(
  w: Workspace,
  decider: Decider,
  ids: readonly number[],
  options: DecideOptions,
): Promise<DecisionOutcome> {
  // S1: one decision for many mismatches is a mass change like any other; Review asks for its number.
  const mass = new MassWatch(w);
  const creates = new CreateJudge(w);
  const decide = async (id: number): Promise<Decided> => {
    const decided = await decider.decideMismatch(id, options, creates);
    if (decided.ok && decided.value.changeId !== null) await mass.saw(decided.value.changeId);
    return decided;
  };
  const outcome = ALONE.has(options.take)
    ? await collectOutcome(ids, 'mismatch', decide)
    : await collectPages(ids, 'mismatch', async (page) => {
        const decided = await Promise.all(page.map(decide));
        // A crash between two pages must not leave the first one free to go.
        if (ids.length > 1) await mass.hold();
        return decided;
      });
  if (ids.length > 1) await mass.hold();
  return outcome;
}

/** Ways out that look at links which another of the decisions may make or end: one after the other. */
const ALONE: ReadonlySet<DecideOptions['take']> = new Set(['link', 'unlink', 'ignore', 'recreate']);
