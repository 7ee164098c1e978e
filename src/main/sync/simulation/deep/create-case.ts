import type { Kind, Side } from '../../../../shared/domain.ts';
import type { Scripted } from '../../testing/fake-system.ts';
import { Random } from '../random.ts';
import type { CrashAt } from '../steps.ts';
import { altered } from '../values.ts';

/** How the target lets a new record be recognised (2.4, K1). */
export type Naming = 'chosenId' | 'marker' | 'both' | 'neither';

/** What the target can do (2.4). */
export interface Abilities {
  readonly naming: Naming;
  readonly onExisting: 'rejects' | 'upserts';
  readonly conditional: boolean;
  readonly filter: boolean;
  readonly pointRead: boolean;
}

/** What becomes of one create request (section 8). */
export const CREATE_FAULTS = {
  none: { answer: 'acked' },
  ackedLate: { answer: 'acked', acts: true, afterMs: 50_000 },
  ackedWithoutId: { answer: 'ackedWithoutId' },
  ackedAndLost: { answer: 'acked', acts: false },
  ackedAndAltered: { answer: 'acked', keeps: altered },
  unknownActed: { answer: 'unknown', acts: true },
  unknownActedLate: { answer: 'unknown', acts: true, afterMs: 60_000 },
  unknownActedAtTheLast: { answer: 'unknown', acts: true, afterMs: 119_990 },
  unknownNotActed: { answer: 'unknown', acts: false },
  slowDown: { answer: 'slowDown', acts: false },
  conflict: { answer: 'conflict', acts: false },
  conflictActed: { answer: 'conflict', acts: true },
  notSent: { answer: 'notSent', acts: false },
  refused: { answer: 'refused', acts: false },
  signInNeeded: { answer: 'signInNeeded', acts: false },
} as const satisfies Readonly<Record<string, Scripted>>;
export type CreateFault = keyof typeof CREATE_FAULTS;

/** What people do after the first run has ended, however it did. */
export type Meanwhile = 'nothing' | 'twin' | 'stranger' | 'sourceEdited' | 'clockBack';

/** One record that is to be created on the other side, and everything that stands against it. */
export interface CreateCase {
  readonly kind: Kind;
  readonly abilities: Abilities;
  /** Of the create requests, in the order in which they come; after these all go well. */
  readonly faults: readonly CreateFault[];
  /** One run each; what follows heals. */
  readonly crashes: readonly CrashAt[];
  readonly meanwhile: Meanwhile;
  /** Runs wait until an unknown outcome can be looked up (7.4). */
  readonly wait: boolean;
}

/** Tidsbanken takes ids that we choose; Customerp numbers by itself, and may carry our marker. */
export const targetOf = ({ naming }: Abilities): Side =>
  naming === 'chosenId' || naming === 'both' ? 'tidsbanken' : 'customerp';

const NAMINGS: readonly Naming[] = ['chosenId', 'marker', 'both', 'neither'];
const BOOLEANS = [true, false] as const;

/** A create is never conditional, so that capability only goes along. */
export const ABILITIES: readonly Abilities[] = NAMINGS.flatMap((naming) =>
  (['rejects', 'upserts'] as const).flatMap((onExisting) =>
    BOOLEANS.map((filter) => {
      const conditional = filter === (onExisting === 'upserts');
      return { naming, onExisting, conditional, filter, pointRead: true };
    }),
  ),
);

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are its type's; Object.keys only forgets it
const FAULTS = Object.keys(CREATE_FAULTS) as readonly CreateFault[];

/** Cases that differ in nothing but where the process ends. */
export interface Family {
  readonly case: Omit<CreateCase, 'crashes'>;
  /** So many times in a row the process ends: at every point, and, if twice, at every point of what follows it. */
  readonly crashes: 1 | 2;
}

const family = (abilities: Abilities, fault: CreateFault, crashes: 1 | 2): Family => ({
  case: { kind: 'customer', abilities, faults: [fault], meanwhile: 'nothing', wait: true },
  crashes,
});

/** Every fault on every kind of system. */
export const SINGLES: readonly Family[] = FAULTS.flatMap((fault) =>
  ABILITIES.map((abilities) => family(abilities, fault, 1)),
);

/** Two crashes in a row, where the protocol has most to lose: each naming, on a system that can be searched and on one that cannot. */
export const PAIRS: readonly Family[] = ABILITIES.filter((a) => a.onExisting === 'upserts').map((abilities) =>
  family(abilities, 'unknownActedLate', 2),
);

/** Anything together, by a seed. */
export function randomCase(seed: number): CreateCase {
  const random = new Random(seed ^ 0xc4ea7e);
  const abilities = { ...random.oneOf(ABILITIES), pointRead: random.chance(0.8) };
  const faults = Array.from({ length: random.below(4) }, () => random.oneOf(FAULTS));
  const crashes = Array.from({ length: random.below(4) }, () => crashOf(random));
  return {
    kind: random.oneOf(['customer', 'employee', 'project']),
    abilities,
    faults,
    crashes,
    meanwhile: random.weighted({ nothing: 4, twin: 2, stranger: 2, sourceEdited: 2, clockBack: 1 }),
    wait: random.chance(0.6),
  };
}

const crashOf = (random: Random): CrashAt => ({
  counts: random.oneOf(['durable', 'requests']),
  nth: 1 + random.below(14),
  when: random.oneOf(['before', 'after']),
});
