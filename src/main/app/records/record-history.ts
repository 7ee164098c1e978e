import type { Provenance, RecordEvent, RecordHistory } from '../../../shared/contract/views.ts';
import { otherSide, SIDES } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { JournalRecord } from '../../store/journal.ts';
import type { Store } from '../../store/store.ts';

/** The newest events by id, and the newest changes whose decisions are told beside them. */
const MOST = { events: 200, changes: 20 };

/**
 * What the journal tells of one record and its pair (J1). Sensitive values are not in it, and so not here (I19).
 * Events of another kind under the same native id are left out.
 */
export async function recordHistory(
  store: Pick<Store, 'journal' | 'changes'>,
  flow: CompiledFlow,
  ids: readonly string[],
): Promise<RecordHistory> {
  const found = await Promise.all(ids.map((item) => store.journal.list({ item }, 0, MOST.events)));
  const own = found.flatMap(({ rows }) => rows).filter(({ detail }) => isOfKind(detail, flow.kind));
  const changes = await changesOf(store, own);
  const decisions = await Promise.all([...changes.keys()].map((item) => store.journal.list({ item }, 0, MOST.events)));
  const rows = [...own, ...decisions.flatMap((page) => page.rows)];
  const unique = [...new Map(rows.map((row) => [row.seq, row])).values()].toSorted((a, b) => b.seq - a.seq);
  return {
    events: unique.slice(0, MOST.events).map((row) => eventOf(flow, row)),
    provenance: provenanceOf(flow, unique, changes),
    isCut: unique.length > MOST.events || found.some(({ total }) => total > MOST.events),
  };
}

/** Links and directions tell no kind; they are found by both ids of the pair only. */
const isOfKind = (detail: JournalRecord['detail'], kind: Kind): boolean =>
  detail['kind'] === undefined || detail['kind'] === kind;

async function changesOf(
  store: Pick<Store, 'changes'>,
  rows: readonly JournalRecord[],
): Promise<ReadonlyMap<string, StoredChange>> {
  const items = [...new Set(rows.map((row) => row.item ?? ''))].filter((item) => item.startsWith('change:'));
  const changes = await Promise.all(
    items.slice(0, MOST.changes).map(async (item) => [item, await store.changes.get(Number(item.slice(7)))] as const),
  );
  return new Map(changes.filter((entry): entry is readonly [string, StoredChange] => entry[1] !== null));
}

const textIn = (detail: JournalRecord['detail'], name: string): string | null => {
  const value = detail[name];
  return typeof value === 'string' ? value : null;
};

const targetOf = ({ detail }: JournalRecord): Side | null => SIDES.find((side) => side === detail['target']) ?? null;

const changeIn = ({ item }: JournalRecord): number | null =>
  item?.startsWith('change:') === true ? Number(item.slice(7)) : null;

function eventOf(flow: CompiledFlow, row: JournalRecord): RecordEvent {
  const { seq, at, runId, event, detail } = row;
  return {
    seq,
    at,
    runId,
    change: changeIn(row),
    event,
    target: targetOf(row),
    person: textIn(detail, 'person'),
    values: valuesIn(flow, detail),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const valueIn = (of: Readonly<Record<string, unknown>>, name: string): string | null =>
  typeof of[name] === 'string' ? of[name] : null;

/** Values are journaled as before and after, by property. A reference is told by its name only: its text is ours. */
function valuesIn(flow: CompiledFlow, detail: JournalRecord['detail']): RecordEvent['values'] {
  const values = detail['values'];
  if (!isObject(values)) return [];
  return Object.entries(values).flatMap(([name, value]) => {
    const property = flow.property(name);
    if (!isObject(value) || property?.sensitive === true || property?.reference !== undefined) return [];
    return [
      {
        property: name,
        type: property?.type ?? 'string',
        before: valueIn(value, 'before'),
        after: valueIn(value, 'after'),
      },
    ];
  });
}

/** The last verified write of each property; `rows` come newest first. */
function provenanceOf(
  flow: CompiledFlow,
  rows: readonly JournalRecord[],
  changes: ReadonlyMap<string, StoredChange>,
): Provenance[] {
  const last = new Map<string, Provenance>();
  for (const row of rows.filter(({ event }) => event === 'verified')) {
    const target = targetOf(row);
    const change = changes.get(row.item ?? '');
    for (const value of valuesIn(flow, row.detail)) {
      if (target === null || last.has(value.property)) continue;
      const group = change?.groups.find(({ members }) => members.some((m) => m.property === value.property));
      last.set(value.property, {
        ...value,
        from: otherSide(target),
        runId: row.runId,
        at: row.at,
        rule: group?.row ?? null,
        approvedBy: change?.approvedBy ?? null,
      });
    }
  }
  return [...last.values()];
}
