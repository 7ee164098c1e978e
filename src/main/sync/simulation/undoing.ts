import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import { Random } from './random.ts';
import type { Edit, RunStep, Step } from './story.ts';

const CHANCE_A_ROUND = 0.11;
const KINDS_UNDONE: readonly Kind[] = ['customer', 'customer', 'employee', 'project'];
/** Above every value that a story gives out otherwise. */
const FIRST_VALUE = 1_000_000;

interface FieldEdit {
  readonly do: 'edit';
  readonly side: Side;
  readonly kind: Kind;
  readonly at: number;
  readonly property: number;
  readonly value: number;
}

/**
 * 7.5: what a run wrote is taken back, some of it edited in between. Told from a stream of its own, so that the rest of
 * a story stays what it was.
 */
export class Undoing {
  readonly #random: Random;
  #value = FIRST_VALUE;

  constructor(seed: number) {
    this.#random = new Random(seed ^ 0x0d0);
  }

  /** Steps after a round; mostly none. */
  afterRound(): Step[] {
    const random = this.#random;
    if (!random.chance(CHANCE_A_ROUND)) return [];
    const edited = [this.#edit(), this.#edit(), this.#edit()];
    return [
      ...edited,
      this.#create(),
      this.#run('all'),
      // The last of what was written is edited where it arrived; perhaps nobody reads it before the proposal.
      ...(random.chance(0.5) ? [this.#editAgain(edited[0])] : []),
      ...(random.chance(0.5) ? [this.#run('none')] : []),
      { do: 'undo', at: random.chance(0.7) ? 0.999 : random.next(), approves: random.chance(0.7) },
      ...(random.chance(0.4) ? [this.#editAgain(edited[1])] : []),
      ...(random.chance(0.2) ? [this.#edit()] : []),
      this.#run(random.oneOf(['all', 'safe', 'apply', 'none'] as const)),
      ...(random.chance(0.3) ? [{ do: 'undo', at: 0.999, approves: true } as const, this.#run('apply')] : []),
      this.#run('safe'),
    ];
  }

  #edit(): FieldEdit {
    const random = this.#random;
    const [side, kind] = [random.oneOf(SIDES), random.oneOf(KINDS_UNDONE)];
    return { do: 'edit', side, kind, at: random.next(), property: random.next(), value: (this.#value += 1) };
  }

  /** The same record and property, on either side. */
  #editAgain(edit: FieldEdit | undefined): Edit {
    const random = this.#random;
    return { ...(edit ?? this.#edit()), side: random.oneOf(SIDES), value: (this.#value += 1) };
  }

  #create(): Edit {
    const kind = this.#random.oneOf(['project', 'employee', 'customer'] as const);
    return { do: 'create', side: 'customerp', kind, value: (this.#value += 1), twin: false };
  }

  #run(mode: RunStep['mode']): RunStep {
    const crashes = this.#random.chance(0.15);
    return {
      do: 'run',
      mode,
      full: false,
      wait: this.#random.chance(0.4),
      crash: crashes ? { counts: 'durable', nth: 1 + this.#random.below(40), when: 'after' } : null,
      stopAt: null,
      meanwhile: [],
    };
  }
}
