import { MISMATCH_KINDS, RULE_ROWS } from '../../../shared/domain.ts';
import type { ChangeState, MismatchKind } from '../../../shared/domain.ts';
import type { Marks } from './marks.ts';

/**
 * What the worlds of a deep run must have come by, and how often. A rule that no world ever reached was not tested,
 * however many seeds were played.
 */

/** Each name at least so often in a whole deep run. */
export const FLOOR = 50;
/** Fewer seeds than this say nothing about rare things. */
export const SEEDS_FOR_FLOOR = 2_000;

/**
 * Every way that a change may take from one state to the next (2.5, 7, 10). Anything else that a world sees is a
 * defect. Restoring a backup goes its own ways, told in `restore.test.ts`.
 */
export const ALLOWED_EDGES: Readonly<Partial<Record<ChangeState, readonly ChangeState[]>>> = {
  planned: ['approved', 'rejected', 'superseded'],
  approved: ['approved', 'planned', 'deferred', 'preparing', 'stale', 'failed', 'rejected', 'superseded'],
  deferred: ['deferred', 'planned', 'approved', 'preparing', 'stale', 'failed', 'rejected', 'superseded'],
  preparing: ['preparing', 'approved', 'sending', 'noop', 'stale', 'failed'],
  sending: ['preparing', 'approved', 'acked', 'unknown', 'noop', 'stale', 'failed'],
  acked: ['acked', 'verified', 'transformed', 'notPersisted', 'stale'],
  unknown: ['unknown', 'acked', 'approved', 'verified', 'noop', 'stale', 'manual', 'notPersisted', 'transformed'],
  manual: ['approved', 'rejected', 'superseded'],
};

type Edge = `${ChangeState} → ${ChangeState}`;

/** Allowed, and so rare that no floor is asked of them. */
const RARE_EDGES: Readonly<Partial<Record<Edge, string>>> = {
  'approved → failed':
    'a value that cannot be written there is never planned; tried in update.test.ts and create.test.ts',
  'deferred → failed': 'as approved → failed',
  'preparing → failed': 'as approved → failed',
  'acked → stale': 'somebody must remove the record between the answer and the read-back',
  'unknown → acked': 'the second of two point reads, one right after the other, must fail',
  'unknown → transformed': 'somebody must edit the record between two point reads, one right after the other',
};

/** Nothing produces these, so nothing can be asked for. */
const UNPRODUCED: Readonly<Partial<Record<MismatchKind, string>>> = {
  changedMeanwhile: 'a stale change is planned anew, and shown as what it then is',
};

export const EDGES: readonly Edge[] = Object.entries(ALLOWED_EDGES).flatMap(([from, next]) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are its type's; Object.entries only forgets it
  next.map((to): Edge => `${from as ChangeState} → ${to}`),
);

/** P present, G gone, ? unknown: Customerp's state first (5.2). */
export const CELLS = ['P/P', 'P/G', 'P/?', 'G/P', 'G/G', 'G/?', '?/P', '?/G', '?/?'] as const;
export type Cell = (typeof CELLS)[number];

const CRASH_POINTS = ['Z1', 'Z2', 'Z3', 'Z4', 'Z5', 'Z6', 'Z7', 'Z8', 'Z9', 'Z10'] as const;

/**
 * Names of marks with a floor. `row:` R1, R2 and R6, `cell:` and the `edge:`s that are no `advance` of the engine are
 * marked by `watch.ts`; all others by the world itself. A name counts together with what follows it after a space, as
 * in `Z:Z1 during collect`.
 */
export const FLOORED: readonly string[] = [
  ...RULE_ROWS.map((row) => `row:${row}`),
  ...CELLS.map((cell) => `cell:${cell}`),
  ...MISMATCH_KINDS.filter((kind) => UNPRODUCED[kind] === undefined).map((kind) => `mismatch:${kind}`),
  ...EDGES.filter((edge) => RARE_EDGES[edge] === undefined).map((edge) => `edge:${edge}`),
  ...CRASH_POINTS.map((point) => `Z:${point}`),
  'undo:update',
  'undo:archive',
  'check:undo',
  'only:run',
  'only:written',
  'check:out of scope',
  'check:referred',
  'check:number given',
  'check:not referred',
  'check:converted',
  'check:onCreate',
  'check:Retry-After',
  'edit:garble',
  'stop:in a wait',
  'checklist:written',
  'checklist:put back',
  'person:rejoins',
  'person:sets',
];

export interface Shortfall {
  readonly name: string;
  readonly count: number;
}

const countOf = (marks: Marks, name: string): number => marks.count(name) + marks.sum(`${name} `);

/** What stayed below the floor, by name. */
export const belowFloor = (marks: Marks, floor = FLOOR): Shortfall[] =>
  FLOORED.map((name) => ({ name, count: countOf(marks, name) })).filter(({ count }) => count < floor);

/** Edges that were taken and are not allowed. */
export function forbiddenEdges(marks: Marks): Shortfall[] {
  const allowed: ReadonlySet<string> = new Set(EDGES);
  return marks
    .of('edge:')
    .filter(([edge]) => !allowed.has(edge))
    .map(([name, count]) => ({ name, count }));
}
