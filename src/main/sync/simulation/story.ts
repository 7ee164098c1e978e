import type { Direction, Kind, Side } from '../../../shared/domain.ts';
import type { ConnectorFailure } from '../../connectors/connector.ts';
import type { Answer } from '../testing/fake-system.ts';

/**
 * What happens in a world, one step after the other. Steps name things by a share (0..1) of what is there when they
 * come, so that a story stays a story when some of its steps are left out.
 */
export type Step = Edit | { readonly do: 'pass'; readonly ms: number } | Fault | Person | House | Probe | RunStep;

interface On {
  readonly side: Side;
  readonly kind: Kind;
}

interface OnRecord<Do extends string> extends On {
  readonly do: Do;
  readonly at: number;
  readonly property: number;
  readonly value: number;
}

/** What somebody does in a system's own screens. `value` is unique in its world. */
export type Edit =
  | OnRecord<'edit' | 'clear' | 'spoil' | 'respell' | 'close' | 'renumber' | 'unmapped'>
  | OnRecord<'double'>
  | (OnRecord<'editBoth'> & { readonly how: 'same' | 'different' | 'clearedHere' })
  /** Two people who put a value back and forth, each in a system: turn 0 on `side`, turn 1 on the other one (W6). */
  | (OnRecord<'swing'> & { readonly turn: number })
  | (On & { readonly do: 'create'; readonly value: number; readonly twin: boolean })
  /** A customer and a project of that customer, both new (O3). */
  | { readonly do: 'together'; readonly side: Side; readonly value: number }
  /** The same somebody or something on both sides, with nothing in common but names and addresses (M3); `twice`: two of them there. */
  | (On & { readonly do: 'alike'; readonly value: number; readonly twice: boolean })
  /** Something new in Customerp under a number that somebody else has, or had, in Tidsbanken (K8). */
  | { readonly do: 'numbered'; readonly kind: Kind; readonly value: number; readonly at: number }
  /** A customer whose number leads to one partner and whose organisation number to another (M4). */
  | { readonly do: 'partners'; readonly value: number }
  /** A record leaves what the filter lets take part, or is back (C7). */
  | (OnRecord<'scope'> & { readonly out: boolean })
  /** A value that no value map knows, or that no conversion can compute (N4). */
  | OnRecord<'garble'>
  /** A project or an employee is made to refer to a record that has no partner yet (M5). */
  | OnRecord<'refer'>
  | (On & { readonly do: 'remove'; readonly at: number; readonly both: boolean })
  | { readonly do: 'return'; readonly at: number }
  /** An import that moves every date of a kind by so many days (S6). */
  | (On & { readonly do: 'shiftDates'; readonly days: number })
  /** One property of every record of a kind (S1). */
  | (On & { readonly do: 'editAll'; readonly property: number; readonly value: number; readonly clears: boolean })
  /** A kind is emptied (S2); what was taken away comes back with `returnAll`. */
  | (On & { readonly do: 'removeAll' })
  | (On & { readonly do: 'returnAll' });

export type PageTrick = 'fail' | 'repeat' | 'hide' | 'contradict' | 'reverse' | 'empty' | 'nothing';

export type Fault =
  | {
      readonly do: 'answer';
      readonly side: Side;
      readonly answer: Answer;
      readonly acts: boolean;
      /** Lands so much later, ms; 0 at once. Always within the settle time. */
      readonly afterMs: number;
      readonly alters: boolean;
      /** So many writes in a row get it. */
      readonly times: number;
    }
  /** So many writes in a row are refused for now, to be tried again after that many ms (429 with Retry-After). */
  | { readonly do: 'limit'; readonly side: Side; readonly retryAfterMs: number; readonly times: number }
  | { readonly do: 'failReads'; readonly side: Side; readonly failure: ConnectorFailure['kind'] }
  | (On & {
      readonly do: 'pages';
      readonly trick: PageTrick;
      readonly at: number;
      readonly failure: ConnectorFailure['kind'];
    })
  | { readonly do: 'turnBack'; readonly ms: number }
  /** A field no longer comes with any record, or does again (C6). */
  | (On & { readonly do: 'withhold'; readonly property: number; readonly again: boolean })
  /** Another key or company answers, or the one of the set-up does again (S3). */
  | { readonly do: 'tenant'; readonly side: Side; readonly again: boolean };

/** What a person decides between runs, on a screen. */
export type Person =
  | { readonly do: 'decide'; readonly at: number; readonly take: number }
  /** Of what is planned or approved, unless said otherwise. */
  | {
      readonly do: 'judge';
      readonly at: number;
      readonly take: 'approve' | 'reject';
      readonly of?: 'deferred' | 'manual';
    }
  | { readonly do: 'narrow'; readonly at: number; readonly direction: Direction }
  | { readonly do: 'unlink'; readonly at: number }
  | { readonly do: 'relink' }
  /** What a run wrote is to be taken back (7.5), and perhaps approved right away. */
  | { readonly do: 'undo'; readonly at: number; readonly approves: boolean }
  /** A linked record gets another partner, one that has none. */
  | { readonly do: 'rejoin'; readonly kind: Kind; readonly side: Side; readonly at: number; readonly with: number }
  /** Nobody is to be asked about a record without a partner any more, or is again. */
  | { readonly do: 'setAside'; readonly kind: Kind; readonly side: Side; readonly at: number; readonly aside: boolean }
  | { readonly do: 'link'; readonly kind: Kind; readonly at: number; readonly with: number };

/** What is done to the store and the settings. */
export type House =
  | { readonly do: 'backUp' }
  | { readonly do: 'restore'; readonly at: number }
  | { readonly do: 'dieInBackup' }
  | { readonly do: 'dieInMigration' }
  | { readonly do: 'remap'; readonly kind: Kind; readonly how: 'added' | 'direction' | 'length' };

/** What is tried on copies, beside the story: the same plan whatever the order (I10), and a plan applied twice (I17). */
export type Probe = { readonly do: 'planTwice' } | { readonly do: 'applyTwice' };

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
  /** And while the run waits for that many ms or more. */
  readonly stopInWaitOf?: number;
  /** One record only: "sync this one", as a preview "check again". */
  readonly only?: On & { readonly at: number };
  /** Nothing but a checklist on the pair of that record, or but putting back what earlier ones have left (7.6). */
  readonly work?: 'checklist' | 'putBack';
  /** Edits by others while it runs, each right before the request of that number. */
  readonly meanwhile: readonly { readonly request: number; readonly edit: Edit }[];
}

const FAULTS = ['answer', 'limit', 'failReads', 'pages', 'turnBack', 'withhold', 'tenant'] as const;
const PERSONS = ['decide', 'judge', 'narrow', 'unlink', 'relink', 'rejoin', 'setAside', 'link', 'undo'] as const;
const HOUSE = ['backUp', 'restore', 'dieInBackup', 'dieInMigration', 'remap'] as const;
const PROBES = ['planTwice', 'applyTwice'] as const;

const isOneOf = (names: readonly string[], step: Step): boolean => names.includes(step.do);

export const isFault = (step: Step): step is Fault => isOneOf(FAULTS, step);
export const isPerson = (step: Step): step is Person => isOneOf(PERSONS, step);
export const isHouse = (step: Step): step is House => isOneOf(HOUSE, step);
export const isProbe = (step: Step): step is Probe => isOneOf(PROBES, step);
export const isEdit = (step: Step): step is Edit =>
  !isOneOf([...FAULTS, ...PERSONS, ...HOUSE, ...PROBES, 'pass', 'run'], step);
