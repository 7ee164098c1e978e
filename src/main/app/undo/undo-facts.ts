import type { Props } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import { isOutOfScope } from '../../mapping/filter.ts';
import type { StoredChange } from '../../store/changes.ts';
import type { StoredLink } from '../../store/links.ts';
import type { StoredRecord } from '../../store/records.ts';
import { idIn, sourceOf } from '../../sync/apply/outcome.ts';
import { nativeIdOf, withLinks } from '../../sync/observe.ts';
import { touchedSince } from '../../sync/plan/rebase.ts';
import type { UndoFacts } from '../../sync/undo/undo.ts';
import type { Workspace } from '../workspace/workspace.ts';

type Known = Pick<Workspace, 'store' | 'flows' | 'connectors' | 'versions'>;

/** Everything that decides about taking a change back (7.5), as it is known now; nothing is asked of the systems. */
export interface UndoCase {
  readonly change: StoredChange;
  readonly link: StoredLink | null;
  /** Of the pair as last read, references as links. */
  readonly source: Props;
  readonly facts: UndoFacts;
  readonly label: string;
}

export async function undoCase(w: Known, change: StoredChange): Promise<UndoCase> {
  const { kind, target } = change;
  const flow = w.flows.get(kind);
  const link = change.linkId === null ? null : await w.store.links.get(change.linkId);
  const [written, other] = await Promise.all([recordOf(w, change, target), recordOf(w, change, sourceOf(change))]);
  const open = link === null ? [] : await w.store.changes.openOfLink(link.id);
  const findings = link === null ? [] : await w.store.mismatches.openOfLinks([link.id]);
  return {
    change,
    link,
    source: flow === undefined || other === null ? {} : await withLinks(w, flow, sourceOf(change), other.props),
    label: written?.label ?? change.label,
    facts: {
      flow,
      isSameSystem: change.versions.tenant === w.versions.tenant,
      link,
      identityChanged: findings.some((m) => m.mismatch === 'identityChanged'),
      outOfScope: [written, other].some((record) => record !== null && isOutOfScope(record.props)),
      target:
        flow === undefined || written === null || written.missingSince !== null
          ? null
          : await withLinks(w, flow, target, written.props),
      open: open.find((c) => c.target === target) ?? null,
      touched: flow === undefined ? [] : await touchedSince(w.store, change.versions.mapping, flow.shape),
      canClose: w.connectors[target].capabilities(kind).archive,
      isLinked: await linkedAmong(w, flow, change),
    },
  };
}

async function recordOf(
  { store }: Known,
  change: StoredChange,
  side: StoredChange['target'],
): Promise<StoredRecord | null> {
  const id = idIn(change, side);
  return id === null ? null : store.records.get(change.kind, side, id);
}

async function linkedAmong(
  w: Known,
  flow: CompiledFlow | undefined,
  change: StoredChange,
): Promise<UndoFacts['isLinked']> {
  const linked = new Set<string>();
  for (const { property, expected } of change.groups.flatMap((group) => group.members))
    if (expected !== null && flow?.property(property)?.reference !== undefined)
      if ((await nativeIdOf(w, change.target, expected)) !== null) linked.add(expected);
  return (reference) => linked.has(reference);
}
