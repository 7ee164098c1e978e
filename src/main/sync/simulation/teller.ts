import { DIRECTIONS, SIDES } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import { Random } from './random.ts';
import type { CrashAt, Edit, Fault, Person, RunStep, Step } from './story.ts';

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
  'collections.finish',
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

const EDITS_A_ROUND = 5;

/** What a run step of an episode is to be like; what is not said is left to chance. */
export interface Wish {
  readonly mode?: RunStep['mode'];
  readonly full?: boolean;
  readonly crash?: boolean;
  readonly soon?: boolean;
  /** Nobody edits while it runs. */
  readonly quiet?: boolean;
}

/** Tells the story of one seed, step by step. */
export class Teller {
  readonly random: Random;
  #value = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** A number that no other edit of the story has. */
  unique(): number {
    return (this.#value += 1);
  }

  side(): Side {
    return this.random.oneOf(SIDES);
  }

  kind(): Kind {
    return this.random.weighted(KIND_WEIGHTS);
  }

  round(): Step[] {
    const { random } = this;
    const steps: Step[] = [];
    for (let n = 0; n < EDITS_A_ROUND; n++) steps.push(this.edit());
    steps.push(this.fault());
    if (random.chance(0.3)) steps.push(this.fault());
    while (random.chance(0.45)) steps.push(this.person());
    if (random.chance(0.7)) steps.push({ do: 'pass', ms: this.#passing() });
    const run = this.run({});
    steps.push(run);
    // Recovery may be cut short as well (Z9).
    if (run.crash !== null && random.chance(0.4)) steps.push(this.run({ crash: true, soon: true }));
    return steps;
  }

  edit(): Edit {
    const { random } = this;
    const [side, kind] = [this.side(), this.kind()];
    const [at, property, value] = [random.next(), random.next(), this.unique()];
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
      alike: 1,
      partners: 0.5,
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
      case 'alike':
        return { do: what, side, kind: random.oneOf(['customer', 'employee']), value, twice: random.chance(0.4) };
      case 'partners':
        return { do: what, value };
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

  fault(): Fault {
    const { random } = this;
    const side = this.side();
    const failure = random.oneOf(FAILURES);
    switch (random.weighted({ answer: 10, pages: 4, failReads: 2, turnBack: 0.5 })) {
      case 'answer':
        return { do: 'answer', side, ...answer(random), times: 1 };
      case 'pages':
        return {
          do: 'pages',
          side,
          kind: this.kind(),
          trick: random.weighted({ fail: 3, repeat: 3, hide: 3, contradict: 3, reverse: 3, empty: 3, nothing: 1 }),
          at: random.next(),
          failure,
        };
      case 'failReads':
        return { do: 'failReads', side, failure };
      case 'turnBack':
        return { do: 'turnBack', ms: random.oneOf([10_000, 600_000]) };
    }
  }

  person(): Person {
    const { random } = this;
    const at = random.next();
    switch (random.weighted({ decide: 70, judge: 25, narrow: 2, unlink: 1, relink: 1, link: 1 })) {
      case 'decide':
        return { do: 'decide', at, take: random.next() };
      case 'judge':
        return { do: 'judge', at, take: random.chance(0.7) ? 'approve' : 'reject' };
      case 'narrow':
        return { do: 'narrow', at, direction: random.oneOf(DIRECTIONS) };
      case 'unlink':
        return { do: 'unlink', at };
      case 'relink':
        return { do: 'relink' };
      case 'link':
        return { do: 'link', kind: this.kind(), at, with: random.next() };
    }
  }

  run(wish: Wish): RunStep {
    const { random } = this;
    const crashes = wish.crash ?? random.chance(0.3);
    const meanwhile =
      wish.quiet !== true && random.chance(0.4) ? [{ request: random.below(60), edit: this.edit() }] : [];
    return {
      do: 'run',
      mode: wish.mode ?? random.weighted({ safe: 3, all: 4, none: 1, apply: 1 }),
      full: wish.full ?? random.chance(0.4),
      wait: random.chance(0.4),
      crash: crashes ? crashAt(random, wish.soon === true) : null,
      stopAt: wish.quiet !== true && random.chance(0.05) ? random.below(60) : null,
      meanwhile,
    };
  }

  /** A run that nothing disturbs. */
  quiet(mode: RunStep['mode'], full = false): RunStep {
    return this.run({ mode, full, crash: false, quiet: true });
  }

  #passing(): number {
    return this.random.oneOf([
      1_000,
      30_000,
      121_000,
      11 * 60_000,
      11 * 60_000,
      3_600_000,
      25 * 3_600_000,
      8 * 24 * 3_600_000,
    ]);
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
  // Only what section 8 leaves open may land without a word; a yes may be a lie, too (W2, W3), and a conflict be with
  // the same write, which something on the way has sent twice.
  const acts =
    kind === 'unknown'
      ? random.chance(0.6)
      : kind === 'acked' || kind === 'conflict'
        ? random.chance(0.5)
        : kind === 'ackedWithoutId';
  const afterMs = kind === 'unknown' && acts && random.chance(0.5) ? random.below(119_000) : 0;
  return { answer: kind, acts, afterMs, alters: kind === 'acked' && acts };
}

function crashAt(random: Random, soon: boolean): CrashAt {
  const when = random.oneOf(['before', 'after'] as const);
  if (soon) return { counts: 'durable', nth: 1 + random.below(6), when };
  if (random.chance(0.5)) return { counts: random.oneOf(NAMED_POINTS), nth: 1 + random.below(2), when };
  return { counts: random.oneOf(['durable', 'requests']), nth: 1 + random.below(45), when };
}
