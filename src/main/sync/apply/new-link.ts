import type { MemberChange, Props, Side, Value } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import type { StoredChange } from '../../store/changes.ts';
import { flowFor } from '../context.ts';
import type { SyncContext } from '../context.ts';

/** What was, or will be, sent of a new record. */
export const sentProps = (change: StoredChange): Props =>
  Object.fromEntries(change.groups.flatMap((g) => g.members).map((m) => [m.property, m.desired]));

/** What the source held when the creation was approved: its own number too, where another one is sent (K8). */
const sourceProps = (change: StoredChange): Props =>
  Object.fromEntries(change.groups.flatMap((g) => g.members).map((m) => [m.property, ownValue(m)]));

/** The source's own value of what a new record gets. */
export const ownValue = ({ desired, instead }: MemberChange): Value => (instead === undefined ? desired : instead);

/**
 * K2, K8: the source as its counterpart is looked for. A number of the operator's range says nothing about who a record
 * is, and the source's own one was not to be had there.
 */
export const soughtAs = (change: StoredChange, source: Props): Props => {
  const given = change.groups.flatMap((g) => g.members).filter((m) => m.instead !== undefined);
  if (given.length === 0) return source;
  const names = new Set(given.map(({ property }) => property));
  return Object.fromEntries(Object.entries(source).filter(([name]) => !names.has(name)));
};

/** Whether a new record has this value from the mapping, not from its source (`onCreate`). */
export const isValueOnCreate = (flow: CompiledFlow, target: Side, property: string, value: Value): boolean =>
  value !== null && flow.property(property)?.onCreate?.[target] === value;

/** The link to the new or adopted record, with the strong keys that each side has (M6). */
export function linkFor(ctx: SyncContext, change: StoredChange, nativeId: string, origin: string, target: Props) {
  const flow = flowFor(ctx, change.kind);
  const strong = (props: Props): ReadonlyMap<string, string> =>
    new Map(flow.keyValues(props).flatMap((k) => (k.strength === 'strong' ? [[k.key, k.value] as const] : [])));
  const [ours, theirs] = [strong(sourceProps(change)), strong(target)];
  const [customerp, tidsbanken] = change.target === 'tidsbanken' ? [ours, theirs] : [theirs, ours];
  const names = [...new Set([...customerp.keys(), ...tidsbanken.keys()])];
  return {
    kind: change.kind,
    customerpId: change.target === 'customerp' ? nativeId : (change.customerpId ?? ''),
    tidsbankenId: change.target === 'tidsbanken' ? nativeId : (change.tidsbankenId ?? ''),
    origin,
    keys: Object.fromEntries(
      names.map((name) => [name, { customerp: customerp.get(name) ?? null, tidsbanken: tidsbanken.get(name) ?? null }]),
    ),
  };
}
