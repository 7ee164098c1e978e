import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import type { ConnectorFailure } from '../../connectors/connector.ts';
import type { Answer } from '../testing/fake-system.ts';
import { Random } from './random.ts';

/**
 * What happens in a world, one step after the other. Steps name things by a share (0..1) of what is there when they
 * come, so that a story stays a story when some of its steps are left out.
 */
export type Step = Edit | { readonly do: 'pass'; readonly ms: number } | Fault | Person | RunStep;

/** What somebody does in a system's own screens. `value` is unique in its world. */
export type Edit =
  | OnRecord<'edit' | 'clear' | 'spoil' | 'respell' | 'close' | 'renumber' | 'unmapped'>
  | OnRecord<'double'>
  | (OnRecord<'editBoth'> & { readonly how: 'same' | 'different' | 'clearedHere' })
  | { readonly do: 'create'; readonly side: Side; readonly kind: Kind; readonly value: number; readonly twin: boolean }
  | { readonly do: 'remove'; readonly side: Side; readonly kind: Kind; readonly at: number; readonly both: boolean }
  | { readonly do: 'return'; readonly at: number };

interface OnRecord<Do extends string> {
  readonly do: Do;
  readonly side: Side;
  readonly kind: Kind;
  readonly at: number;
  readonly property: number;
  readonly value: number;
}

export type PageTrick = 'fail' | 'repeat' | 'hide' | 'contradict' | 'reverse' | 'empty';

export type Fault =
  | {
      readonly do: 'answer';
      readonly side: Side;
      readonly answer: Answer;
      readonly acts: boolean;
      /** Lands so much later, ms; 0 at once. Always within the settle time. */
      readonly afterMs: number;
      readonly alters: boolean;
    }
  | { readonly do: 'failReads'; readonly side: Side; readonly failure: ConnectorFailure['kind'] }
  | {
      readonly do: 'pages';
      readonly side: Side;
      readonly kind: Kind;
      readonly trick: PageTrick;
      readonly at: number;
      readonly failure: ConnectorFailure['kind'];
    }
  | { readonly do: 'turnBack'; readonly ms: number };

/** What a person decides between runs, on a screen. */
export type Person =
  | { readonly do: 'decide'; readonly at: number; readonly take: number }
  | { readonly do: 'judge'; readonly at: number; readonly take: 'approve' | 'reject' };

export interface CrashAt {
  /** Counts `durable` steps of the store, or `requests`, or those of one name only. */
  readonly counts: string;
  readonly nth: number;
  readonly when: 'before' | 'after';
}

export interface RunStep {
  readonly do: 'run';
  readonly mode: 'safe' | 'all' | 'none' | 'apply';
  readonly full: boolean;
  readonly wait: boolean;
  readonly crash: CrashAt | null;
  /** The operator says *Stop* at this request. */
  readonly stopAt: number | null;
  /** Edits by others while it runs, each right before the request of that number. */
  readonly meanwhile: readonly { readonly request: number; readonly edit: Edit }[];
}

export const isEdit = (step: Step): step is Edit =>
  !['pass', 'answer', 'failReads', 'pages', 'turnBack', 'decide', 'judge', 'run'].includes(step.do);
export const isFault = (step: Step): step is Fault => ['answer', 'failReads', 'pages', 'turnBack'].includes(step.do);

const KIND_WEIGHTS = { department: 1, customer: 12, employee: 6, project: 6 } as const;
const FAILURES = [
  'unreachable',
  'timeout',
  'serverError',
  'refused',
  'unreadable',
  'cut',
  'slowDown',
  'signInNeeded',
] as const;
const NAMED_POINTS = [
  'records.finishCollection',
  'plans.save',
  'changes.approveMany',
  'changes.advance:preparing',
  'changes.advance:sending',
  'changes.advance:acked',
  'changes.advance:verified',
  'changes.advance:unknown',
  'changes.advance:approved',
  'tidsbanken.update',
  'tidsbanken.create',
  'customerp.update',
  'customerp.create',
] as const;

/** The worlds that every `npm test` plays; `npm run test:deep` plays any number. */
export const SEEDS_OF_CI: readonly number[] = Array.from({ length: 24 }, (_, index) => index + 1);

const ROUNDS = 13;
const EDITS_A_ROUND = 4;

/** The story of a seed: rounds of edits, faults and decisions, each with a run at its end. */
export function stepsOf(seed: number): Step[] {
  const random = new Random(seed);
  let value = 0;
  const unique = (): number => (value += 1);
  const steps: Step[] = [runStep(random, unique, { mode: 'all', crash: random.chance(0.1) })];
  for (let round = 0; round < ROUNDS; round++) {
    for (let n = 0; n < EDITS_A_ROUND; n++) steps.push(editStep(random, unique));
    if (random.chance(0.8)) steps.push(faultStep(random));
    if (random.chance(0.3)) steps.push(faultStep(random));
    while (random.chance(0.45)) steps.push(personStep(random));
    if (random.chance(0.7)) steps.push({ do: 'pass', ms: passing(random) });
    const run = runStep(random, unique, {});
    steps.push(run);
    if (random.chance(0.15)) steps.push(...approvedTooEarly(random, unique));
    // Recovery may be cut short as well (Z9).
    if (run.crash !== null && random.chance(0.4)) steps.push(runStep(random, unique, { crash: true, soon: true }));
  }
  return steps;
}

/** What somebody approved has changed by the time that it is written (A2, A3, K2). */
function approvedTooEarly(random: Random, unique: () => number): Step[] {
  const quiet = { crash: false, quiet: true };
  const approve = { do: 'judge', at: random.next(), take: 'approve' } as const;
  return [
    editStep(random, unique),
    { do: 'create', side: 'customerp', kind: 'customer', value: unique(), twin: false },
    runStep(random, unique, { mode: 'none', ...quiet }),
    approve,
    { ...approve, at: random.next() },
    { do: 'judge', at: 0.999, take: 'approve' },
    editStep(random, unique),
    { do: 'double', side: 'customerp', kind: 'customer', at: 0.999, property: 0, value: unique() },
    { do: 'edit', side: 'customerp', kind: 'customer', at: 0.99, property: random.next(), value: unique() },
    { do: 'pass', ms: 11 * 60_000 },
    runStep(random, unique, { mode: 'apply', ...quiet }),
  ];
}

const passing = (random: Random): number =>
  random.oneOf([1_000, 30_000, 121_000, 11 * 60_000, 11 * 60_000, 3_600_000, 25 * 3_600_000, 8 * 24 * 3_600_000]);

function editStep(random: Random, unique: () => number): Edit {
  const side = random.oneOf(SIDES);
  const kind = random.weighted(KIND_WEIGHTS);
  const [at, property, value] = [random.next(), random.next(), unique()];
  const what = random.weighted({
    edit: 40,
    editBoth: 14,
    clear: 8,
    create: 10,
    close: 4,
    renumber: 3,
    unmapped: 6,
    respell: 3,
    spoil: 2,
    remove: 4,
    double: 5,
    return: 4,
  });
  switch (what) {
    case 'create':
      return { do: what, side, kind, value, twin: random.chance(0.3) };
    case 'remove':
      return { do: what, side, kind: random.chance(0.7) ? 'customer' : kind, at, both: random.chance(0.25) };
    case 'return':
      return { do: what, at };
    case 'editBoth':
      return { do: what, side, kind, at, property, value, how: random.oneOf(['same', 'different', 'clearedHere']) };
    case 'edit':
    case 'clear':
    case 'close':
    case 'renumber':
    case 'unmapped':
    case 'respell':
    case 'spoil':
    case 'double':
      return { do: what, side, kind, at, property, value };
  }
}

function faultStep(random: Random): Fault {
  const side = random.oneOf(SIDES);
  const failure = random.oneOf(FAILURES);
  switch (random.weighted({ answer: 10, pages: 4, failReads: 2, turnBack: 0.5 })) {
    case 'answer':
      return { do: 'answer', side, ...answer(random) };
    case 'pages':
      return {
        do: 'pages',
        side,
        kind: random.weighted(KIND_WEIGHTS),
        trick: random.oneOf(['fail', 'repeat', 'hide', 'contradict', 'reverse', 'empty']),
        at: random.next(),
        failure,
      };
    case 'failReads':
      return { do: 'failReads', side, failure };
    case 'turnBack':
      return { do: 'turnBack', ms: random.oneOf([10_000, 600_000]) };
  }
}

function answer(random: Random): Pick<Extract<Fault, { do: 'answer' }>, 'answer' | 'acts' | 'afterMs' | 'alters'> {
  const kind = random.weighted({
    unknown: 8,
    acked: 3,
    ackedWithoutId: 1,
    notSent: 1,
    slowDown: 1,
    conflict: 1,
    signInNeeded: 0.5,
    refused: 1,
  });
  // Only what section 8 leaves open may land without a word; a yes may be a lie, too (W2, W3).
  const acts =
    kind === 'unknown' ? random.chance(0.6) : kind === 'acked' ? random.chance(0.5) : kind === 'ackedWithoutId';
  const afterMs = kind === 'unknown' && acts && random.chance(0.5) ? random.below(119_000) : 0;
  return { answer: kind, acts, afterMs, alters: kind === 'acked' && acts };
}

const personStep = (random: Random): Person =>
  random.chance(0.75)
    ? { do: 'decide', at: random.next(), take: random.next() }
    : { do: 'judge', at: random.next(), take: random.chance(0.7) ? 'approve' : 'reject' };

interface Wish {
  readonly mode?: RunStep['mode'];
  readonly crash?: boolean;
  readonly soon?: boolean;
  readonly quiet?: boolean;
}

function runStep(random: Random, unique: () => number, wish: Wish): RunStep {
  const crashes = wish.crash ?? random.chance(0.3);
  const meanwhile =
    wish.quiet !== true && random.chance(0.4) ? [{ request: random.below(60), edit: editStep(random, unique) }] : [];
  return {
    do: 'run',
    mode: wish.mode ?? random.weighted({ safe: 3, all: 4, none: 1, apply: 1 }),
    full: random.chance(0.4),
    wait: random.chance(0.4),
    crash: crashes ? crashAt(random, wish.soon === true) : null,
    stopAt: random.chance(0.05) ? random.below(60) : null,
    meanwhile,
  };
}

function crashAt(random: Random, soon: boolean): CrashAt {
  const when = random.oneOf(['before', 'after'] as const);
  if (soon) return { counts: 'durable', nth: 1 + random.below(6), when };
  if (random.chance(0.5)) return { counts: random.oneOf(NAMED_POINTS), nth: 1 + random.below(2), when };
  return { counts: random.oneOf(['durable', 'requests']), nth: 1 + random.below(45), when };
}
