import { otherSide } from '../../../../shared/domain.ts';
import type { Pair, Side } from '../../../../shared/domain.ts';
import { decideExistence, presenceOf } from '../../reconcile/existence.ts';
import type { ExistenceInput, ExistenceOutcome, PresenceVerdict, Sighting } from '../../reconcile/existence.ts';
import { CELLS } from '../coverage.ts';
import type { Marks } from '../marks.ts';

/** Section 5.2 without chance: everything that can be seen of a linked pair, judged by the product and, naively, by the text. */

const NOW = 1_000_000;
const CONFIRM_MS = 600_000;
const BOOLEANS = [true, false] as const;
const PRESENT: Seen = { seen: true, absenceCounts: true, pointRead: 'notDone', missedAt: null };

interface Seen extends Sighting {
  /** When an earlier run missed it first. */
  readonly missedAt: number | null;
}

const SEEN: readonly Seen[] = [
  PRESENT,
  { ...PRESENT, missedAt: NOW - CONFIRM_MS },
  ...BOOLEANS.flatMap((absenceCounts) =>
    (['found', 'notFound', 'failed', 'notDone', 'unsupported'] as const).flatMap((pointRead) =>
      [null, NOW - CONFIRM_MS + 1, NOW - CONFIRM_MS].map((missedAt) => ({
        seen: false,
        absenceCounts,
        pointRead,
        missedAt,
      })),
    ),
  ),
];

/** A cell of the table, on systems with and without point reads and archive. */
const cellOf = (letters: string, pointReads: Pair<boolean>, archive: Pair<boolean>): string =>
  `${letters} ${[pointReads.customerp, pointReads.tidsbanken, archive.customerp, archive.tidsbanken].map((can) => (can ? '1' : '0')).join('')}`;

const FLAGS: readonly Pair<boolean>[] = BOOLEANS.flatMap((customerp) =>
  BOOLEANS.map((tidsbanken) => ({ customerp, tidsbanken })),
);

export const EXISTENCE_CELLS: readonly string[] = CELLS.flatMap((letters) =>
  FLAGS.flatMap((pointReads) => FLAGS.map((archive) => cellOf(letters, pointReads, archive))),
);

/** Throws at the first case on which the product and the text differ. Counts cases, and the cells reached. */
export function existenceAgrees(marks: Marks): void {
  for (const e of SEEN)
    for (const t of SEEN)
      for (const drifted of FLAGS)
        for (const active of FLAGS)
          for (const archive of FLAGS) {
            const said = product({ customerp: e, tidsbanken: t }, drifted, active, archive);
            const letters = { customerp: letterOf(e), tidsbanken: letterOf(t) };
            const meant = text(letters, { customerp: e, tidsbanken: t }, drifted, active, archive);
            if (said !== meant)
              throw new Error(
                `${JSON.stringify({ e, t, drifted, active, archive })}\nproduct: ${said}\ntext: ${meant}`,
              );
            marks.add('planner cases');
            const pointReads = { customerp: e.pointRead !== 'unsupported', tidsbanken: t.pointRead !== 'unsupported' };
            for (const reads of e.seen || t.seen ? bothIfSeen(e, t, pointReads) : [pointReads])
              marks.add(`cell of 5.2:${cellOf(`${letters.customerp}/${letters.tidsbanken}`, reads, archive)}`);
          }
}

/** What was seen is never read again, so that it is the same with and without point reads. */
const bothIfSeen = (e: Seen, t: Seen, pointReads: Pair<boolean>): Pair<boolean>[] =>
  FLAGS.filter(
    (f) => (e.seen || f.customerp === pointReads.customerp) && (t.seen || f.tidsbanken === pointReads.tidsbanken),
  );

type Letter = 'P' | 'G' | '?';

/** The text of 5.2: gone needs a complete full collection and a point read, where there is one, twice ten minutes apart. */
function letterOf({ seen, absenceCounts, pointRead, missedAt }: Seen): Letter {
  if (seen) return 'P';
  if (pointRead === 'found' || pointRead === 'failed' || pointRead === 'notDone' || !absenceCounts) return '?';
  return missedAt !== null && missedAt + CONFIRM_MS <= NOW ? 'G' : '?';
}

/** Whether it was missed at all, in this run or before: what is only not observed is no finding. */
const isMissed = ({ absenceCounts, pointRead, missedAt }: Seen): boolean =>
  pointRead !== 'found' &&
  (missedAt !== null || (absenceCounts && (pointRead === 'notFound' || pointRead === 'unsupported')));

function text(
  letters: Pair<Letter>,
  seen: Pair<Seen>,
  drifted: Pair<boolean>,
  active: Pair<boolean>,
  archive: Pair<boolean>,
): string {
  const { customerp: e, tidsbanken: t } = letters;
  if (e === 'P' && t === 'P') return 'reconcile';
  if (e === 'G' && t === 'G') return 'tombstone';
  if (e !== 'P' && t !== 'P') return 'skip';
  const lost: Side = e === 'P' ? 'tidsbanken' : 'customerp';
  const survivor = otherSide(lost);
  const kind = drifted[survivor] ? 'goneVersusEdited' : lost === 'customerp' ? 'goneInCustomerp' : 'goneInTidsbanken';
  if (letters[lost] === '?') return isMissed(seen[lost]) ? `${kind} unconfirmed: later; suggests null` : 'skip';
  if (!active[survivor]) return 'tombstone';
  const ways = ['recreate', ...(archive[survivor] ? ['archive'] : []), 'unlink', 'ignore', 'later'];
  return `${kind} confirmed: ${ways.join(' ')}; suggests ${drifted[survivor] ? 'recreate' : 'null'}`;
}

function product(seen: Pair<Seen>, drifted: Pair<boolean>, active: Pair<boolean>, archive: Pair<boolean>): string {
  const sightOf = (one: Seen): PresenceVerdict => presenceOf(one, one.missedAt, NOW, CONFIRM_MS);
  const input: ExistenceInput = {
    linkId: 1,
    kind: 'employee',
    customerpId: 'E1',
    tidsbankenId: '1',
    label: 'Prøve Person',
    sight: { customerp: sightOf(seen.customerp), tidsbanken: sightOf(seen.tidsbanken) },
    drifted,
    active,
    archive,
  };
  return wordsOf(decideExistence(input, { mapping: 'm', policy: 'p', tenant: 't' }));
}

function wordsOf(outcome: ExistenceOutcome): string {
  if (outcome.kind !== 'mismatch') return outcome.kind;
  const { mismatch, takes, suggests } = outcome.mismatch;
  const sure = outcome.confirmed ? 'confirmed' : 'unconfirmed';
  return `${mismatch} ${sure}: ${takes.join(' ')}; suggests ${String(suggests)}`;
}
