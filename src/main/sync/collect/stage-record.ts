import { hash } from 'node:crypto';
import type { RawRecord } from '../../connectors/connector.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { StagedRecord } from '../../store/records.ts';
import type { Side } from '../../../shared/domain.ts';

/** A raw record in the form in which the store keeps it: canonical props, and a digest of what the engine can see. */
export function stageRecord(flow: CompiledFlow, side: Side, record: RawRecord, fullRecord = false): StagedRecord {
  const { props, spellings, invalid } = flow.read(side, record.raw, { fullRecord });
  const label = flow.label(props);
  return {
    nativeId: record.nativeId,
    props,
    spellings,
    invalid,
    keys: flow.keyValues(props),
    digest: hash('sha256', JSON.stringify([props, spellings, invalid]), 'base64url'),
    modifiedAt: record.modifiedAt,
    label,
    number: props['number'] ?? record.nativeId,
    search: searchText(flow, props, label, record.nativeId),
  };
}

function searchText(flow: CompiledFlow, props: StagedRecord['props'], label: string, nativeId: string): string {
  const found = new Set([label, nativeId]);
  for (const name of searchedIn(flow)) found.add(props[name] ?? '');
  return [...found].join(' ').toLowerCase();
}

/** By flow, since each record asks. */
const searched = new WeakMap<CompiledFlow, readonly string[]>();

function searchedIn(flow: CompiledFlow): readonly string[] {
  const known = searched.get(flow);
  if (known !== undefined) return known;
  const names = flow.properties
    .filter((p) => !p.sensitive && (p.key || p.type === 'email' || p.type === 'orgNo'))
    .map((p) => p.name);
  searched.set(flow, names);
  return names;
}
