import { describe, expect, it } from 'vitest';
import type { Pair } from '../../../shared/domain.ts';
import { decideExistence, presenceOf } from './existence.ts';
import type { ExistenceInput, ExistenceOutcome, PresenceVerdict, Sighting } from './existence.ts';

const MINUTE = 60_000;
const missing: Sighting = { seen: false, absenceCounts: true, pointRead: 'notFound' };

describe('5.2 two-step confirmation', () => {
  const look = (sighting: Partial<Sighting>, firstMissedAt: number | null, now: number): PresenceVerdict =>
    presenceOf({ ...missing, ...sighting }, firstMissedAt, now, 10 * MINUTE);
  it.each<[string, Partial<Sighting>, number | null, number, PresenceVerdict]>([
    ['missed once', {}, null, 5, { presence: 'unknown', firstMissedAt: 5 }],
    ['again, too soon', {}, 0, 10 * MINUTE - 1, { presence: 'unknown', firstMissedAt: 0 }],
    ['again, ten minutes later', {}, 0, 10 * MINUTE, { presence: 'gone', firstMissedAt: 0 }],
    ['without point reads', { pointRead: 'unsupported' }, 0, 10 * MINUTE, { presence: 'gone', firstMissedAt: 0 }],
    ['T4 a delta proves nothing', { absenceCounts: false }, 0, 10 * MINUTE, { presence: 'unknown', firstMissedAt: 0 }],
    ['T4 nor starts anything', { absenceCounts: false }, null, 5, { presence: 'unknown', firstMissedAt: null }],
    ['the point read failed', { pointRead: 'failed' }, 0, 10 * MINUTE, { presence: 'unknown', firstMissedAt: 0 }],
    ['no point read was made', { pointRead: 'notDone' }, 0, 10 * MINUTE, { presence: 'unknown', firstMissedAt: 0 }],
    ['the point read found it', { pointRead: 'found' }, 0, 10 * MINUTE, { presence: 'unknown', firstMissedAt: null }],
    ['it came back', { seen: true }, 0, 99 * MINUTE, { presence: 'present', firstMissedAt: null }],
  ])('%s', (_name, sighting, firstMissedAt, now, is) => {
    expect(look(sighting, firstMissedAt, now)).toEqual(is);
  });
});

const P: PresenceVerdict = { presence: 'present', firstMissedAt: null };
const G: PresenceVerdict = { presence: 'gone', firstMissedAt: 1 };
const MISSED: PresenceVerdict = { presence: 'unknown', firstMissedAt: 1 };
const UNKNOWN: PresenceVerdict = { presence: 'unknown', firstMissedAt: null };

const yes = { customerp: true, tidsbanken: true };
const no = { customerp: false, tidsbanken: false };
const decide = (
  customerp: PresenceVerdict,
  tidsbanken: PresenceVerdict,
  over: Partial<ExistenceInput> = {},
): ExistenceOutcome =>
  decideExistence(
    {
      linkId: 1,
      kind: 'customer',
      customerpId: 'E1',
      tidsbankenId: '1',
      label: 'Fjord AS',
      sight: { customerp, tidsbanken },
      drifted: no,
      active: yes,
      archive: yes,
      ...over,
    },
    { mapping: 'm', policy: 'p', tenant: 't' },
  );

function line(outcome: ExistenceOutcome): string {
  if (outcome.kind === 'reconcile') return 'reconcile';
  if (outcome.kind !== 'mismatch') return `${outcome.kind} ${outcome.reason}`;
  return `${outcome.mismatch.mismatch}${outcome.confirmed ? '' : ' (unconfirmed)'}`;
}

describe('5.2 table', () => {
  const onlyE: Pair<boolean> = { customerp: true, tidsbanken: false };
  const onlyT: Pair<boolean> = { customerp: false, tidsbanken: true };
  it.each<[string, PresenceVerdict, PresenceVerdict, Pair<boolean>, string]>([
    ['P/P', P, P, yes, 'reconcile'],
    ['P/G', P, G, no, 'goneInTidsbanken'],
    ['P/G with cE', P, G, onlyE, 'goneVersusEdited'],
    ['P/G, drift of the lost side does not count', P, G, onlyT, 'goneInTidsbanken'],
    ['P/?', P, UNKNOWN, no, 'skip notObserved'],
    ['P/? missed once', P, MISSED, no, 'goneInTidsbanken (unconfirmed)'],
    ['G/P', G, P, no, 'goneInCustomerp'],
    ['G/P with cT', G, P, onlyT, 'goneVersusEdited'],
    ['G/G', G, G, no, 'tombstone bothGone'],
    ['G/?', G, UNKNOWN, no, 'skip bothMissing'],
    ['?/P', UNKNOWN, P, no, 'skip notObserved'],
    ['?/P missed once', MISSED, P, no, 'goneInCustomerp (unconfirmed)'],
    ['?/G', MISSED, G, no, 'skip bothMissing'],
    ['?/?', UNKNOWN, UNKNOWN, no, 'skip bothMissing'],
  ])('%s', (_cell, e, t, drifted, is) => {
    expect(line(decide(e, t, { drifted }))).toBe(is);
  });

  it('X1 offers to re-create, archive or let go; never to delete', () => {
    expect(decide(P, G)).toMatchObject({
      mismatch: { takes: ['recreate', 'archive', 'unlink', 'ignore', 'later'], suggests: null },
    });
    expect(decide(P, G, { drifted: onlyE })).toMatchObject({ mismatch: { suggests: 'recreate' } });
    expect(decide(P, MISSED)).toMatchObject({ mismatch: { takes: ['later'], suggests: null } });
  });

  it('2.3 does not offer to archive where the survivor’s system cannot', () => {
    expect(decide(P, G, { archive: onlyT })).toMatchObject({
      mismatch: { takes: ['recreate', 'unlink', 'ignore', 'later'] },
    });
  });

  it('X2 an inactive survivor is let go without a write', () => {
    expect(line(decide(P, G, { active: onlyT }))).toBe('tombstone survivorInactive');
    expect(line(decide(P, G, { active: onlyE }))).toBe('goneInTidsbanken');
  });
});
