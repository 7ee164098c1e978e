import type { GroupChange, Props, Side, Value } from '../../../shared/domain.ts';
import type { CompiledFlow } from '../../mapping/compile.ts';
import { sameValue } from '../../mapping/equality.ts';

/** How one group read back after a write (section 9). */
export type ReadBack = 'asDesired' | 'asExpected' | 'other';

/** Equality between the sides (2.2). */
export function sameAcross(flow: CompiledFlow, property: string, a: Value, b: Value): boolean {
  const compiled = flow.property(property);
  return compiled === undefined ? a === b : sameValue(compiled, a, b);
}

/** Judges a group by what the target holds now. An unobserved member is neither desired nor expected. */
export function judge(flow: CompiledFlow, group: GroupChange, props: Props): ReadBack {
  const desired = group.members.every((m) => {
    const value = props[m.property];
    return value !== undefined && sameAcross(flow, m.property, m.desired, value);
  });
  if (desired) return 'asDesired';
  return group.members.every((m) => props[m.property] === m.expected) ? 'asExpected' : 'other';
}

/** What both sides hold for these groups: the base after a verified write (W1, I7). */
export function baseOf(
  target: Side,
  groups: readonly GroupChange[],
  source: Props,
  readBack: Props,
): { customerp: Props; tidsbanken: Props } {
  const names = groups.flatMap((group) => group.members.map((m) => m.property));
  const pick = (props: Props): Props =>
    Object.fromEntries(names.flatMap((name) => (props[name] === undefined ? [] : [[name, props[name]]])));
  return target === 'tidsbanken'
    ? { customerp: pick(source), tidsbanken: pick(readBack) }
    : { customerp: pick(readBack), tidsbanken: pick(source) };
}
