import { isAskedFor } from '../../../shared/domain.ts';
import type { Value } from '../../../shared/domain.ts';
import type { NewChange } from '../../store/changes.ts';
import type { ChangeDraft, MismatchDraft } from '../drafts.ts';
import { groupFactsOf, timeDifference } from '../review/rails.ts';
import type { ChangeFacts, GroupFacts, RailFacts } from '../review/rails.ts';

/** What the rails look at of a change, and whether they may hold it at all. */
export interface ProposedFacts extends ChangeFacts {
  /** A rule has seen nobody's rows: only a person's approval passes S1 and S7. */
  readonly isPersons: boolean;
  /** The rail that held what it takes the place of. */
  readonly rail: string | null;
}

type TimeDifference = RailFacts['timeDifferences'][number];

/** What the rails ask of all that is proposed and found of one kind, taken down as it comes: the drafts rest elsewhere. */
export class PartFacts {
  readonly changes: ProposedFacts[] = [];
  /** Fingerprints of the findings, in order. */
  readonly mismatches: string[] = [];
  readonly bothEdited: RailFacts['bothEdited'][number][] = [];
  readonly timeDifferences: TimeDifference[] = [];
  readonly #times: readonly string[];
  /** Thousands of changes have the same few groups. */
  readonly #groups = new Map<string, readonly GroupFacts[]>();

  /** @param times properties of the kind that are dates or times (S6) */
  constructor(times: readonly string[]) {
    this.#times = times;
  }

  /** Whether the kind has any date or time that S6 could ask about. */
  get hasTimes(): boolean {
    return this.#times.length > 0;
  }

  addChange(change: NewChange): void {
    this.changes.push(this.addKept(change));
  }

  addMismatch(draft: MismatchDraft): void {
    this.mismatches.push(draft.fingerprint);
    if (draft.mismatch === 'bothEdited') this.bothEdited.push({ linkId: draft.linkId, fingerprint: draft.fingerprint });
    this.addTimes(draft);
  }

  /** S6: of a finding that stands already, only how far its times are apart is of interest. */
  addTimes(mismatch: MismatchDraft): void {
    this.timeDifferences.push(...inMismatch(mismatch, this.#times));
  }

  /** Of what was proposed before and stands. */
  addKept(change: NewChange): ProposedFacts {
    // What an undo would change says nothing about how the two sides differ.
    if (!isAskedFor(change.origin)) this.timeDifferences.push(...inChange(change, this.#times));
    return this.#factsOf(change);
  }

  #factsOf(change: NewChange): ProposedFacts {
    const { kind, op, target, linkId, fingerprint, rail } = change;
    return { kind, op, target, linkId, fingerprint, rail, isPersons: isPersons(change), groups: this.#shared(change) };
  }

  #shared(change: NewChange): readonly GroupFacts[] {
    const groups = change.groups.map(groupFactsOf);
    const name = groups.map(({ group, row, isClear }) => `${group} ${row} ${String(isClear)}`).join('\n');
    const known = this.#groups.get(name) ?? groups;
    this.#groups.set(name, known);
    return known;
  }
}

/** A rule has seen nobody's rows: only a person's approval passes S1 and S7. */
const isPersons = ({ state, approvedBy }: Pick<NewChange, 'state' | 'approvedBy'>): boolean =>
  state === 'approved' && approvedBy?.startsWith('rule:') !== true;

/**
 * S6: dates that all moved by the same step are a time zone's work, not a person's. Looks at all that is open, proposed
 * and asked alike, new or not: as long as they differ, they differ by that step.
 */
function inChange({ op, target, groups, fingerprint }: ChangeDraft, times: readonly string[]): TimeDifference[] {
  if (op === 'create') return [];
  return groups
    .flatMap((group) => group.members)
    .filter((m) => times.includes(m.property))
    .flatMap((m) => {
      const [e, t] = target === 'tidsbanken' ? [m.desired, m.expected] : [m.expected, m.desired];
      return differingBy(e, t, fingerprint);
    });
}

/** A finding about a group tells both sides' values; an empty one is no time. */
function inMismatch({ detail, fingerprint }: MismatchDraft, times: readonly string[]): TimeDifference[] {
  return times.flatMap((name) =>
    differingBy(detail[`customerp.${name}`] ?? null, detail[`tidsbanken.${name}`] ?? null, fingerprint),
  );
}

function differingBy(e: Value, t: Value, fingerprint: string): TimeDifference[] {
  const offsetMs = timeDifference(e, t);
  return offsetMs === null ? [] : [{ offsetMs, fingerprint }];
}
