import type {
  BulkSummary,
  ChangeDetail,
  ChangeRow,
  DecisionOutcome,
  MismatchRow,
} from '../../../shared/contract/views.ts';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result, Take } from '../../../shared/domain.ts';
import type { CopiedChange, Decidable, ReviewCopy, Standing } from '../../store/review-copy.ts';
import type { AppService } from '../app-service.ts';
import type { DecideOptions, ReviewQuery } from '../requests.ts';
import { hindranceOf } from '../review/change-decisions.ts';
import type { Decision } from '../review/change-decisions.ts';
import { collectOutcome, countDiffers, refusedItem } from '../review/decision-outcome.ts';
import { everyRow } from '../review/every-row.ts';
import { summaryOfMismatches } from '../review/mismatch-summary.ts';
import { notFound, refused, stale } from '../refusals.ts';

type Part = Pick<
  AppService,
  | 'changes'
  | 'change'
  | 'bulkSummary'
  | 'decideChanges'
  | 'decideAllChanges'
  | 'mismatches'
  | 'mismatchCounts'
  | 'mismatch'
  | 'mismatchSummary'
  | 'decideAllMismatches'
  | 'decideMismatches'
>;

interface Desk {
  readonly copy: ReviewCopy;
  readonly person: string;
  /** ms since 1970. */
  readonly now: () => number;
}

/**
 * The screens Review and Mismatches on a plan that was brought along. What is decided here is only noted: each decision
 * with its time, to be carried out where the plan came from (V1). The rails ask here for what they ask for there.
 */
export function copyDeskOf(desk: Desk): Part {
  return { ...changesOf(desk), ...mismatchesOf(desk) };
}

function changesOf(
  desk: Desk,
): Pick<Part, 'changes' | 'change' | 'bulkSummary' | 'decideChanges' | 'decideAllChanges'> {
  const { copy, person } = desk;
  return {
    changes: async (query, { offset, limit }) => {
      const { total, rows } = copy.listChanges(query, offset, limit);
      return { total, rows: rows.map((change) => rowOf(shownChange(change, person))) };
    },
    change: async (id) => {
      const change = copy.change(id);
      return change === null ? fail(noChange(id)) : ok(shownChange(change, person));
    },
    bulkSummary: async (query) => summaryOf(copy.changeCounts(query)),
    decideChanges: (ids, take, group) =>
      collectOutcome(ids, 'change', async (id) => decideChange(desk, id, { take, group, seen: ids.length === 1 })),
    decideAllChanges: async (query, take, confirmCount) => {
      const count = copy.countChanges(query);
      if (count !== confirmCount) return fail(countDiffers(count, confirmCount, 'changes'));
      return ok(decideAll(desk, query, take));
    },
  };
}

function decideChange({ copy, now }: Desk, id: number, decision: Decision): Result<null, Problem> {
  const change = copy.change(id);
  if (change === null) return fail(noChange(id));
  const { view, groups, takes } = change;
  const one = { id, op: view.op, rail: view.rail, groups, takes };
  const hindrance = hindranceOf(one, decision);
  if (hindrance !== null) return fail(hindrance);
  copy.decideChanges([decided(one, decision)], now());
  return ok(null);
}

const PAGE = 1000;

/** The number was typed, so what a mass change is held for is seen (S1); what is doubted stays (S2, S3, S6). */
function decideAll({ copy, now }: Desk, query: ReviewQuery, take: 'approve' | 'reject'): DecisionOutcome {
  const hindered: DecisionOutcome['refused'] = [];
  const decision = { take, seen: true };
  let count = 0;
  for (
    let after = 0, page = copy.decidables(query, 0, PAGE);
    page.length > 0;
    page = copy.decidables(query, after, PAGE)
  ) {
    const free = page.filter((change) => {
      const hindrance = hindranceOf(change, decision);
      if (hindrance !== null) hindered.push(refusedItem(`change:${String(change.id)}`, hindrance));
      return hindrance === null;
    });
    const decisions = free.map((change) => decided(change, decision));
    copy.decideChanges(decisions, now());
    count += decisions.length;
    after = page.at(-1)?.seq ?? after;
  }
  return { decided: count, refused: hindered };
}

/** A new record is decided as a whole; `later` takes back what was decided here. */
function decided(change: Omit<Decidable, 'seq'>, { take, group }: Decision) {
  const isWhole = group === undefined || change.op === 'create';
  const names = isWhole ? change.groups.map((g) => g.group) : [group];
  const takes: Record<string, 'approve' | 'reject'> = { ...change.takes };
  for (const name of names) {
    if (take === 'later') delete takes[name];
    else takes[name] = take;
  }
  return { id: change.id, takes, standing: standingOf(change, takes) };
}

function standingOf({ groups }: Pick<CopiedChange, 'groups'>, takes: CopiedChange['takes']): Standing {
  if (groups.some(({ group }) => takes[group] === 'approve')) return 'approved';
  return groups.every(({ group }) => takes[group] === 'reject') ? 'rejected' : 'waiting';
}

/** The exported view with what was decided here laid over it. */
function shownChange(change: CopiedChange, person: string): ChangeDetail {
  const { view, takes, decidedAt } = change;
  const groupViews = view.groupViews
    .filter(({ group }) => takes[group] !== 'reject')
    .map((group) => ({ ...group, approved: takes[group.group] === 'approve' }));
  const approved = groupViews.filter((group) => group.approved).length;
  const standing = standingOf(change, takes);
  return {
    ...view,
    groupViews,
    groups: groupViews.map(({ group }) => group),
    state: standing === 'waiting' ? view.state : standing,
    approved: approved === 0 ? 'none' : approved === groupViews.length ? 'all' : 'some',
    approvedBy: approved === 0 ? null : person,
    approvedAt: approved === 0 ? null : decidedAt,
  };
}

function rowOf({
  groupViews: _groups,
  approvedBy: _by,
  approvedAt: _at,
  waitsFor: _waits,
  ...row
}: ChangeDetail): ChangeRow {
  return row;
}

function summaryOf(counted: ReturnType<ReviewCopy['changeCounts']>): BulkSummary {
  const bySort = new Map<string, BulkSummary['rows'][number]>();
  for (const { flow, target, op, count, review } of counted) {
    const sort = `${flow} ${target} ${op}`;
    const before = bySort.get(sort) ?? { flow, target, op, count: 0, review: 0 };
    bySort.set(sort, { ...before, count: before.count + count, review: before.review + review });
  }
  return {
    total: counted.reduce((n, { count }) => n + count, 0),
    rows: [...bySort.values()],
    rails: [...new Set(counted.flatMap(({ rail }) => (rail === null ? [] : [rail])))],
  };
}

function mismatchesOf(
  desk: Desk,
): Pick<
  Part,
  'mismatches' | 'mismatchCounts' | 'mismatch' | 'mismatchSummary' | 'decideAllMismatches' | 'decideMismatches'
> {
  const { copy } = desk;
  const list: Part['mismatches'] = async (query, { offset, limit }) => {
    const { total, rows } = copy.listMismatches(query, offset, limit);
    return {
      total,
      rows: rows.map(
        ({ view: { properties: _values, candidates: _partners, pages: _pages, ...row } }): MismatchRow => row,
      ),
    };
  };
  const all = (query: Parameters<Part['mismatches']>[0]) => everyRow((slice) => list(query, slice));
  const decideMany = (ids: readonly number[], options: DecideOptions) =>
    collectOutcome(ids, 'mismatch', async (id) => decideMismatch(desk, id, options));
  return {
    mismatches: list,
    mismatchCounts: async () => copy.mismatchCounts(),
    mismatch: async (id) => {
      const mismatch = copy.mismatch(id);
      return mismatch === null ? fail(noMismatch(id)) : ok(mismatch.view);
    },
    mismatchSummary: async (query) => summaryOfMismatches(await all(query)),
    decideMismatches: decideMany,
    decideAllMismatches: async (query, take, confirmCount) => {
      const ids = (await all(query)).map(({ id }) => id);
      return ids.length === confirmCount
        ? ok(await decideMany(ids, { take }))
        : fail(countDiffers(ids.length, confirmCount, 'mismatches'));
    },
  };
}

function decideMismatch({ copy, now }: Desk, id: number, { take, linkTo }: DecideOptions): Result<null, Problem> {
  const mismatch = copy.mismatch(id);
  if (mismatch === null) return fail(noMismatch(id));
  const { view } = mismatch;
  if (take === 'later') {
    copy.decideMismatch(id, null, null, now());
    return ok(null);
  }
  if (mismatch.take !== null) return fail(stale('This mismatch is no longer open.', 'ended'));
  if (!view.takes.includes(take))
    return fail(
      refused(`“${take}” is not a way out of ${view.kind}.`, `It has: ${view.takes.join(', ')}.`, 'noWayOut'),
    );
  const isPair = view.customerpId !== null && view.tidsbankenId !== null;
  const partner = linkTo ?? (view.candidates.length === 1 ? view.candidates[0]?.nativeId : undefined);
  if (take === 'link' && partner === undefined && !isPair)
    return fail(refused('It is not said which record to link to.', 'Name it, for example link:ID.', 'noPartner'));
  copy.decideMismatch(id, take satisfies Take, take === 'link' ? (partner ?? null) : null, now());
  return ok(null);
}

const noChange = (id: number): Problem => notFound(`There is no change ${String(id)} in this review.`);
const noMismatch = (id: number): Problem => notFound(`There is no mismatch ${String(id)} in this review.`);
