import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import { Random } from './random.ts';
import type { Edit, RunStep, Step } from './story.ts';
import type { Traits } from './traits.ts';

/** Chance of each after a round. What needs a run of its own is rare: a deep run has no time to spare. */
const CHANCE = {
  only: 0.05,
  scope: 0.19,
  refer: 0.19,
  garble: 0.14,
  hands: 0.07,
  limit: 0.04,
  checklist: 0.011,
  numbered: 0.35,
} as const;
const KINDS_NARROWED: readonly Kind[] = ['customer', 'customer', 'employee', 'project', 'department'];
/** Above every value that a story gives out otherwise. */
const FIRST_VALUE = 2_000_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

interface FieldEdit {
  readonly do: 'edit';
  readonly side: Side;
  readonly kind: Kind;
  readonly at: number;
  readonly property: number;
  readonly value: number;
}

/**
 * What the engine has learnt since the first stories were told: runs of one record, filters, creation by reference,
 * value maps, other partners, and limits. From a stream of its own, so that the rest of a story stays what it was.
 */
export class Novelties {
  readonly #random: Random;
  readonly #traits: Traits;
  #value = FIRST_VALUE;

  constructor(seed: number, traits: Traits) {
    this.#random = new Random(seed ^ 0x70ad);
    this.#traits = traits;
  }

  /** Steps after a round; mostly none. */
  afterRound(): Step[] {
    const { filter, referred, converted, valueMap, numbers } = this.#traits.mapped ?? {};
    const happens = (name: keyof typeof CHANCE): boolean => this.#random.chance(CHANCE[name]);
    return [
      ...(happens('only') ? this.#only() : []),
      ...(happens('scope') && filter !== undefined ? this.#scope() : []),
      ...(happens('refer') && referred !== undefined ? this.#refer() : []),
      ...(happens('garble') && (converted ?? valueMap) === true ? this.#garble() : []),
      ...(happens('hands') ? this.#hands() : []),
      ...(happens('limit') ? this.#limit() : []),
      ...(happens('checklist') ? this.#checklist() : []),
      ...(numbers !== undefined && happens('numbered') ? this.#numbered() : []),
    ];
  }

  /** "Sync this one" or "check again", among much else that waits. */
  #only(): Step[] {
    const random = this.#random;
    const kind = random.oneOf(KINDS_NARROWED);
    const [side, at] = [this.#side(), random.next()];
    const others: readonly Step[] = [
      this.#edit(kind, at),
      this.#run('none'),
      { do: 'judge', at: random.next(), take: 'approve' },
      { do: 'judge', at: random.next(), take: 'approve' },
    ];
    return [
      this.#edit('customer', random.next()),
      ...(random.chance(0.35) ? others : [this.#edit(kind, at)]),
      ...(random.chance(0.15) ? [{ do: 'remove', side: this.#side(), kind, at, both: false } as const] : []),
      { ...this.#run(random.chance(0.7) ? 'safe' : 'none'), only: { side, kind, at } },
    ];
  }

  #scope(): Step[] {
    const random = this.#random;
    const leaves = (out: boolean): Edit => ({ ...this.#edit('customer', random.next()), do: 'scope', out });
    return [
      leaves(true),
      ...(random.chance(0.5) ? [leaves(false)] : []),
      ...(random.chance(0.4) ? [this.#run('none'), leaves(true), leaves(true), this.#run('apply')] : []),
    ];
  }

  #refer(): Step[] {
    const random = this.#random;
    const made = (kind: Kind): Edit => ({ do: 'create', side: 'customerp', kind, value: this.#unique(), twin: false });
    const refers = (kind: Kind): Edit => ({ ...this.#edit(kind, random.next()), side: 'customerp', do: 'refer' });
    return [
      made('customer'),
      ...(random.chance(0.5) ? [refers('project')] : []),
      ...(random.chance(0.3) ? [made('project'), refers('employee')] : []),
    ];
  }

  #garble = (): Step[] => [{ ...this.#edit('employee', this.#random.next()), do: 'garble' }];

  /** People who think better of a pair, or want to hear no more of a record. */
  #hands(): Step[] {
    const random = this.#random;
    const [side, kind, at] = [this.#side(), random.oneOf(KINDS_NARROWED), random.next()];
    return random.chance(0.5)
      ? [{ do: 'rejoin', kind, side, at, with: random.next() }]
      : [{ do: 'setAside', kind, side, at, aside: random.chance(0.7) }];
  }

  /** 7.6: on one pair, disturbed by faults, crashes and Stop as any other run. */
  #checklist(): Step[] {
    const random = this.#random;
    const [side, kind] = [this.#side(), random.oneOf(['department', 'department', 'project', 'customer'] as const)];
    const unknown = (acts: boolean): Step => ({
      do: 'answer',
      side: this.#side(),
      answer: 'unknown',
      acts,
      afterMs: acts ? random.below(60_000) : 0,
      alters: false,
      times: 1,
    });
    return [
      ...(random.chance(0.3) ? [unknown(random.chance(0.6))] : []),
      {
        ...this.#run('apply'),
        only: { side, kind, at: random.next() },
        work: 'checklist',
        stopAt: random.chance(0.2) ? random.below(60) : null,
        crash: random.chance(0.35) ? { counts: 'durable', nth: 1 + random.below(80), when: 'after' } : null,
      },
      ...(random.chance(0.4) ? [this.#run('safe')] : []),
    ];
  }

  /** New ones whose own number cannot be used there; somebody may ask for nothing but a look, or for one of them. */
  #numbered(): Step[] {
    const random = this.#random;
    const made = (): Edit => ({
      do: 'numbered',
      kind: random.oneOf(KINDS_NARROWED),
      value: this.#unique(),
      at: random.next(),
    });
    return [
      made(),
      ...(random.chance(0.5) ? [made(), made()] : []),
      ...(random.chance(0.5) ? [this.#run('none'), made(), made(), this.#run('all')] : []),
    ];
  }

  /** A system that says 429, and an operator who may not want to wait for it. */
  #limit(): Step[] {
    const random = this.#random;
    const retryAfterMs = random.oneOf([2 * SECOND_MS, 40 * SECOND_MS, 10 * MINUTE_MS, 20 * MINUTE_MS]);
    const side = this.#side();
    return [
      { do: 'limit', side, retryAfterMs, times: 1 + random.below(7) },
      this.#edit('customer', random.next()),
      { ...this.#run('all'), ...(random.chance(0.4) ? { stopInWaitOf: 2 * SECOND_MS } : {}) },
    ];
  }

  #side = (): Side => this.#random.oneOf(SIDES);

  #unique = (): number => (this.#value += 1);

  #edit(kind: Kind, at: number): FieldEdit {
    return { do: 'edit', side: this.#side(), kind, at, property: this.#random.next(), value: this.#unique() };
  }

  #run = (mode: RunStep['mode']): RunStep => ({
    do: 'run',
    mode,
    full: false,
    wait: this.#random.chance(0.3),
    crash: this.#random.chance(0.15) ? { counts: 'durable', nth: 1 + this.#random.below(30), when: 'after' } : null,
    stopAt: null,
    meanwhile: [],
  });
}
