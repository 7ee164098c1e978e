import { DIRECTIONS, RULE_ROWS } from '../../../../shared/domain.ts';
import type { Direction, Pair, Side, Value } from '../../../../shared/domain.ts';
import type { EditTimes, GroupInput } from '../../reconcile/group-table.ts';
import type { AgainstPolicy, ConflictPolicy, Tuple } from '../../reconcile/rules.ts';
import { groupAgrees } from '../../second-reconciler/agreement.suite.ts';
import type { Marks } from '../marks.ts';

/** Section 5.1 without chance: every state of a lone property under every direction and policy, one after the other. */

/** `ab` and `abc` are equal across the sides, cut to two, and not the same on one side. */
const OBSERVED: readonly Value[] = [null, 'ab', 'abc', 'cd'];
const STATES: readonly GroupInput['e'][] = ['unobserved', ...OBSERVED.map((value): Tuple => [value])];
const BASES: readonly (Pair<Value> | null)[] = [
  null,
  ...OBSERVED.flatMap((customerp) => OBSERVED.map((tidsbanken) => ({ customerp, tidsbanken }))),
];
const POLICIES: readonly ConflictPolicy[] = ['ask', 'customerp', 'tidsbanken', 'newest'];
const AGAINST: readonly AgainstPolicy[] = ['report', 'restore'];
const SIDES: readonly Side[] = ['customerp', 'tidsbanken'];
const BOOLEANS = [true, false] as const;
const MARGIN_MS = 1_000;

/** What D4 tells apart: unknown, ours, too near, and later on either side. */
const TIMES: readonly EditTimes[] = [
  { modified: [null, 0], ours: false },
  { modified: [0, 5_000], ours: true },
  { modified: [0, MARGIN_MS], ours: false },
  { modified: [0, MARGIN_MS + 1], ours: false },
  { modified: [MARGIN_MS + 1, 0], ours: false },
].map(({ modified: [customerp = null, tidsbanken = null], ours }) => ({
  modifiedAt: { customerp, tidsbanken },
  explainedByUs: { customerp: ours, tidsbanken: false },
  marginMs: MARGIN_MS,
}));

const cut = (value: Value | undefined): string | null => value?.slice(0, 2) ?? null;
const same = ([e]: Tuple, [t]: Tuple): boolean => cut(e) === cut(t);

/** A row, a direction and a policy. `off` is R1, whatever else (D1). */
const cellOf = (row: string, direction: Direction, policy: string): string => `${row} ${direction} ${policy}`;

/** Every cell that the text knows. */
export const TABLE_CELLS: readonly string[] = DIRECTIONS.flatMap((direction) =>
  POLICIES.flatMap((policy) =>
    RULE_ROWS.filter((row) => direction !== 'off' || row === 'R1').map((row) => cellOf(row, direction, policy)),
  ),
);

/** Throws at the first state on which the product and the second reconciler disagree. Counts cases, and the cells reached. */
export function tableAgrees(direction: Direction, marks: Marks): void {
  for (const policy of POLICIES)
    for (const group of groupsOf(direction, policy)) {
      marks.add(`cell of 5.1:${cellOf(groupAgrees(group), direction, policy)}`);
      marks.add('planner cases');
    }
}

function* groupsOf(direction: Direction, policy: ConflictPolicy): Generator<GroupInput> {
  const rest = [...settings()];
  for (const e of STATES)
    for (const t of STATES)
      for (const base of BASES)
        for (const setting of rest)
          yield {
            ...setting,
            e,
            t,
            base: base === null ? null : { customerp: [base.customerp], tidsbanken: [base.tidsbanken] },
            same,
            direction,
            policy,
          };
}

function* settings(): Generator<Pick<GroupInput, 'against' | 'clearable' | 'master' | 'needsReview' | 'times'>> {
  for (const against of AGAINST)
    for (const master of SIDES)
      for (const needsReview of BOOLEANS)
        for (const clearsE of BOOLEANS)
          for (const clearsT of BOOLEANS)
            for (const times of TIMES)
              yield { against, master, needsReview, clearable: { customerp: [clearsE], tidsbanken: [clearsT] }, times };
}
