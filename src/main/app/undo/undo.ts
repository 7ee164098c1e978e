import type { UndoProposed, UndoRow, UndoSummary } from '../../../shared/contract/views.ts';
import { fail, flowOf, ok } from '../../../shared/domain.ts';
import type { GroupChange, Kind, Problem, Result, Value } from '../../../shared/domain.ts';
import { digestOf } from '../../mapping/canonical-json.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { NewUndo, UndoScope } from '../../store/undos.ts';
import { versionsFor } from '../../sync/context.ts';
import { nativeIdOf } from '../../sync/observe.ts';
import { giveWay, PAGE } from '../../sync/plan/part.ts';
import { holdUndos } from '../../sync/undo/hold.ts';
import { groupOfVerdict, undoRows } from '../../sync/undo/undo.ts';
import type { UndoVerdict } from '../../sync/undo/undo.ts';
import type { AppService } from '../app-service.ts';
import { notFound, refused } from '../refusals.ts';
import { undoCase } from './undo-facts.ts';
import type { UndoCase } from './undo-facts.ts';
import type { Workspace } from '../workspace/workspace.ts';

type Deciding = Pick<
  Workspace,
  'store' | 'flows' | 'connectors' | 'versions' | 'settings' | 'clock' | 'holder' | 'person'
>;
type UndoPart = Pick<AppService, 'undoPreview' | 'undoRows' | 'proposeUndo'>;

/** Undo (7.5): what a run or one change wrote is shown as it would be taken back, and proposed for review. */
export function undoOf(w: Deciding): UndoPart {
  let shown: string | null = null;
  const preview = async (scope: UndoScope): Promise<Result<UndoSummary, Problem>> => {
    const hindrance = await hindranceOf(w, scope);
    if (hindrance !== null) return fail(hindrance);
    shown = null;
    const summary = await buildPreview(w, scope);
    shown = nameOf(scope);
    return ok(summary);
  };
  return {
    undoPreview: preview,
    undoRows: async (scope, outcome, { offset, limit }) => {
      if (shown !== nameOf(scope)) {
        const built = await preview(scope);
        if (!built.ok) return built;
      }
      return ok(await w.store.undos.previewed(outcome, offset, limit));
    },
    proposeUndo: async (scope) => {
      const hindrance = await hindranceOf(w, scope);
      if (hindrance !== null) return fail(hindrance);
      shown = null;
      return underLease(w, () => propose(w, scope));
    },
  };
}

const nameOf = (scope: UndoScope): string => JSON.stringify(scope);

/** Why there is nothing to be undone under that name; null: there may be. */
async function hindranceOf({ store }: Deciding, scope: UndoScope): Promise<Problem | null> {
  if ('run' in scope)
    return (await store.runs.get(scope.run)) === null ? notFound(`There is no run ${String(scope.run)}.`) : null;
  if ((await store.changes.get(scope.change)) === null) return notFound(`There is no change ${String(scope.change)}.`);
  if ((await store.undos.sent(scope, 0, 1)).length > 0) return null;
  return refused(
    `Change ${String(scope.change)} was never written, so there is nothing to take back.`,
    'Look in History for what was written.',
    'notWritten',
  );
}

/** Every written change of the scope with what undo comes to for each of its groups, page by page. */
async function* judged(
  w: Deciding,
  scope: UndoScope,
): AsyncGenerator<readonly { readonly about: UndoCase; readonly verdicts: readonly UndoVerdict[] }[]> {
  for (let after = 0; ;) {
    const page = await w.store.undos.sent(scope, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    const cases = [];
    for (const change of page) {
      const about = await undoCase(w, change);
      cases.push({ about, verdicts: undoRows(change, about.facts) });
    }
    yield cases;
    await giveWay();
    after = last.id;
  }
}

async function buildPreview(w: Deciding, scope: UndoScope): Promise<UndoSummary> {
  const counts = { reversed: 0, kept: 0, cannot: 0 };
  await w.store.undos.beginPreview();
  for await (const page of judged(w, scope)) {
    const rows: UndoRow[] = [];
    for (const { about, verdicts } of page) for (const verdict of verdicts) rows.push(await rowOf(w, about, verdict));
    for (const { outcome } of rows) counts[outcome] += 1;
    await w.store.undos.addToPreview(rows);
  }
  return counts;
}

/** One group as a person sees it; of sensitive values there is none (I19). */
async function rowOf(w: Deciding, { change, label, facts }: UndoCase, verdict: UndoVerdict): Promise<UndoRow> {
  const values: UndoRow['values'] = [];
  for (const { property, written, now, before } of verdict.members) {
    const compiled = facts.flow?.property(property);
    const shown = (value: Value): Promise<Value> =>
      compiled?.reference === undefined ? Promise.resolve(value) : referredName(w, change.target, compiled, value);
    values.push({
      property,
      type: compiled?.type ?? 'string',
      written: await shown(written),
      before: await shown(before),
      ...(now === undefined ? {} : { now: await shown(now) }),
    });
  }
  return {
    change: change.id,
    flow: flowOf(change.kind),
    op: change.op,
    target: change.target,
    label,
    customerpId: change.customerpId,
    tidsbankenId: change.tidsbankenId,
    group: verdict.group,
    outcome: verdict.outcome,
    why: verdict.outcome === 'reversed' ? null : verdict.why,
    values,
  };
}

/** A reference is kept as a link; a person knows the record by its name. */
async function referredName(
  w: Deciding,
  side: UndoRow['target'],
  { reference }: Pick<NonNullable<ReturnType<CompiledFlow['property']>>, 'reference'>,
  value: Value,
): Promise<Value> {
  const id = value === null ? null : await nativeIdOf(w, side, value);
  if (value === null || id === null || reference === undefined) return value === null ? null : '?';
  const record = await w.store.records.get(reference, side, id);
  return record === null || record.label === '' ? id : record.label;
}

async function propose(w: Deciding, scope: UndoScope): Promise<UndoProposed> {
  const changes = new Set<number>();
  const kinds = new Set<Kind>();
  let groups = 0;
  let missed = 0;
  for await (const page of judged(w, scope)) {
    const undos = page.flatMap(({ about, verdicts }) => newUndo(w, about, verdicts) ?? []);
    const ids = await w.store.undos.propose(undos);
    for (const [index, id] of ids.entries()) {
      const undo = undos[index];
      if (undo === undefined) continue;
      if (id === null) missed += undo.change.groups.length;
      else {
        changes.add(id);
        groups += undo.change.groups.length;
        kinds.add(undo.change.kind);
      }
    }
  }
  const rails = new Set<string>();
  for (const kind of kinds) for (const rail of await holdUndos(w, kind, w.person)) rails.add(rail);
  return { changes: changes.size, groups, missed, rails: [...rails] };
}

/** The groups of one change that can be taken back, as one change that waits for a person (V1). */
function newUndo(w: Deciding, about: UndoCase, verdicts: readonly UndoVerdict[]): NewUndo | null {
  const { change, facts, link } = about;
  const { flow } = facts;
  const reversed = verdicts.filter((v) => v.outcome === 'reversed');
  if (flow === undefined || link === null || reversed.length === 0) return null;
  const op = reversed.some((v) => v.op === 'archive') ? 'archive' : 'update';
  const versions = versionsFor(w, change.kind);
  const { kind, target, customerpId, tidsbankenId } = change;
  const groups = reversed.map((verdict): GroupChange => {
    const evidence = evidenceOf(about, verdict);
    return {
      group: groupOfVerdict(flow, verdict),
      row: 'restore',
      needs: 'review',
      members: verdict.back,
      fingerprint: digestOf({ ...evidence, op, versions }),
      approved: false,
    };
  });
  return {
    change: {
      kind,
      op,
      target,
      linkId: link.id,
      customerpId,
      tidsbankenId,
      groups,
      needs: 'review',
      fingerprint: groups.map((g) => g.fingerprint).join('+'),
      versions,
      waitsFor: [],
      label: about.label,
      state: 'planned',
      origin: 'undo',
      approvedBy: null,
      approvedAt: null,
      rail: null,
    },
    journal: {
      event: 'undoProposed',
      detail: {
        person: w.person,
        undoes: `change:${String(change.id)}`,
        kind,
        target,
        customerpId,
        tidsbankenId,
        groups: groups.map((g) => g.group),
      },
    },
  };
}

/** What the approval will be bound to: the pair as it was seen, and the very write that is taken back (V1). */
function evidenceOf({ change, link, source, facts }: UndoCase, { group, back }: UndoVerdict & { outcome: 'reversed' }) {
  const names = back.map((member) => member.property);
  const pick = (props: Readonly<Record<string, Value>>): object =>
    Object.fromEntries(names.flatMap((name) => (props[name] === undefined ? [] : [[name, props[name]]])));
  return {
    undoes: change.id,
    kind: change.kind,
    target: change.target,
    ids: [change.linkId, change.customerpId, change.tidsbankenId],
    group,
    back,
    base: link === null ? null : { customerp: pick(link.base.customerp), tidsbanken: pick(link.base.tidsbanken) },
    observed: { source: pick(source), target: pick(facts.target ?? {}) },
  };
}

/** A run that is planning must not find records whose proposals change under its hands. */
async function underLease<T>({ store, holder }: Deciding, work: () => Promise<T>): Promise<Result<T, Problem>> {
  const mine = `${holder}:undo`;
  const lease = (await store.runs.leaseHolder()) === null ? await store.runs.acquireLease(mine, 'undo') : { ok: false };
  if (!lease.ok) return fail(BUSY);
  try {
    return ok(await work());
  } finally {
    await store.runs.releaseLease(mine);
  }
}

const BUSY: Problem = {
  kind: 'busy',
  what: 'A run is under way.',
  notDone: 'Nothing was proposed.',
  todo: 'Wait until it ends, then propose the undo again.',
};
