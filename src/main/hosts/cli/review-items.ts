import type { z } from 'zod';
import type { ChangeRow, DecisionOutcome, MismatchRow } from '../../../shared/contract/views.ts';
import { CHANGE_OPS, MISMATCH_KINDS } from '../../../shared/domain.ts';
import type { ChangeOp, Flow, MismatchKind, Take } from '../../../shared/domain.ts';
import type { AppService } from '../../app/app-service.ts';
import type { Listed, Slice } from '../../app/requests.ts';
import { NAMES_CANDIDATES, mismatchSentence } from './mismatch-text.ts';
import type { Candidate } from './mismatch-text.ts';

/** One open item as `review` lists it: a pending change, or a mismatch. */
export interface Item {
  /** `change:12` or `mismatch:7`. */
  readonly item: string;
  readonly of: 'change' | 'mismatch';
  readonly id: number;
  readonly flow: Flow;
  readonly kind: ChangeOp | MismatchKind;
  readonly label: string;
  readonly customerpId: string | null;
  readonly tidsbankenId: string | null;
  readonly state: string;
  readonly summary: string;
  readonly suggests: Take | null;
  readonly takes: readonly Take[];
}

export interface ItemFilter {
  readonly flow?: Flow;
  readonly kind?: ChangeOp | MismatchKind;
  readonly take?: { readonly take: Take };
}

const MOST_AT_ONCE = 500;

export const changeItem = (row: ChangeRow): Item => ({
  item: `change:${String(row.id)}`,
  of: 'change',
  id: row.id,
  flow: row.flow,
  kind: row.op,
  label: row.label,
  customerpId: row.customerpId,
  tidsbankenId: row.tidsbankenId,
  state: row.approved === 'all' ? 'approved' : row.state,
  summary: row.summary,
  suggests: null,
  takes: ['approve', 'reject', 'later'],
});

export const mismatchItem = (row: MismatchRow, candidates: readonly Candidate[] = []): Item => ({
  item: `mismatch:${String(row.id)}`,
  of: 'mismatch',
  id: row.id,
  flow: row.flow,
  kind: row.kind,
  label: row.label,
  customerpId: row.customerpId,
  tidsbankenId: row.tidsbankenId,
  state: row.group ?? '',
  summary: mismatchSentence(row, candidates),
  suggests: row.suggests,
  takes: row.takes,
});

/** Every open item that the filter covers; with `approve`, only changes that are not approved yet. */
export async function gather(service: AppService, { flow, kind, take }: ItemFilter): Promise<Item[]> {
  const op = CHANGE_OPS.find((known) => known === kind);
  const mismatchKind = MISMATCH_KINDS.find((known) => known === kind);
  const show = take?.take === 'approve' ? 'waiting' : 'open';
  const changes =
    mismatchKind === undefined ? await everyPage((slice) => service.changes({ flow, op, show }, slice)) : [];
  const mismatches =
    op === undefined ? await everyPage((slice) => service.mismatches({ flow, kind: mismatchKind }, slice)) : [];
  return [...changes.map(changeItem), ...mismatches.map((row) => mismatchItem(row))];
}

/**
 * The items with a sentence that names the candidates. Rows of a list do not carry them, so they are looked up one by
 * one: do this for what is shown only.
 */
export async function withCandidates(service: AppService, items: readonly Item[]): Promise<Item[]> {
  const told: Item[] = [];
  for (const item of items) {
    const found = item.of === 'mismatch' && NAMES_CANDIDATES.has(item.kind) ? await service.mismatch(item.id) : null;
    // One that has ended meanwhile keeps the sentence it has.
    told.push(found?.ok === true ? mismatchItem(found.value, found.value.candidates) : item);
  }
  return told;
}

/** What is approved and not applied waits for a run, not for a person. */
export const waitsForPerson = ({ of, state }: Pick<Item, 'of' | 'state'>): boolean =>
  of === 'mismatch' || state === 'planned' || state === 'manual' || state === 'unknown';

/** All rows of a paged list. Ends on an empty page too, should the list shrink meanwhile. */
export async function everyPage<T>(read: (slice: Slice) => Promise<Listed<T>>): Promise<T[]> {
  const rows: T[] = [];
  for (;;) {
    const page = await read({ offset: rows.length, limit: MOST_AT_ONCE });
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= page.total) return rows;
  }
}

type Outcome = z.output<typeof DecisionOutcome>;

/** Decides the items one by one in the store, in portions; each refusal comes back with its reason. */
export async function decide(
  service: AppService,
  items: readonly Item[],
  { take, linkTo }: { readonly take: Take; readonly linkTo?: string },
  group?: string,
): Promise<Outcome> {
  const outcome: Outcome = { decided: 0, refused: [] };
  const add = ({ decided, refused }: Outcome): void => {
    outcome.decided += decided;
    outcome.refused.push(...refused);
  };
  for (const ids of portions(items, 'mismatch')) add(await service.decideMismatches(ids, { take, linkTo, group }));
  for (const ids of portions(items, 'change')) {
    if (take === 'approve' || take === 'reject' || take === 'later') add(await service.decideChanges(ids, take, group));
    else add({ decided: 0, refused: ids.map((id) => notForChange(id, take)) });
  }
  return outcome;
}

const notForChange = (id: number, take: Take): Outcome['refused'][number] => ({
  itemId: `change:${String(id)}`,
  why: `A change is approved, rejected or left for later; it has no “${take}”.`,
});

function portions(items: readonly Item[], of: Item['of']): number[][] {
  const ids = items.filter((item) => item.of === of).map((item) => item.id);
  const parts = Math.ceil(ids.length / MOST_AT_ONCE);
  return Array.from({ length: parts }, (_, part) => ids.slice(part * MOST_AT_ONCE, (part + 1) * MOST_AT_ONCE));
}
