import { otherSide } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import type { Teller } from './teller.ts';
import type { Step } from './story.ts';
import type { Traits } from './traits.ts';

/** A few steps that belong together and bring something about that chance alone hardly ever would. */
export type Episode = (teller: Teller, traits: Traits) => Step[];

const MINUTE_MS = 60_000;

interface NamedEpisode {
  readonly name: string;
  readonly weight: number;
  /** Whether it can come about in such a world. */
  readonly fits: (traits: Traits) => boolean;
  readonly tell: Episode;
}

const anywhere = (name: string, weight: number, tell: Episode): NamedEpisode => ({
  name,
  weight,
  fits: () => true,
  tell,
});
const inFile = (name: string, weight: number, tell: Episode): NamedEpisode => ({
  name,
  weight,
  fits: (traits) => traits.inFile,
  tell,
});
/** Where new records get neither an id nor a marker from us. */
const unmarked = (name: string, weight: number, tell: Episode): NamedEpisode => ({
  name,
  weight,
  fits: (traits) => isUnmarked(traits, 'tidsbanken') || (traits.createsInCustomerp && isUnmarked(traits, 'customerp')),
  tell,
});
const isUnmarked = ({ weak }: Traits, target: Side): boolean =>
  weak[target].includes(target === 'tidsbanken' ? 'noChosenId' : 'noMarker');

const MAIN: readonly Kind[] = ['customer', 'employee', 'project'];

/** What somebody approved has changed by the time that it is written (A2, A3, K2). */
const approvedTooEarly: Episode = (teller) => {
  const { random } = teller;
  const approve = { do: 'judge', at: random.next(), take: 'approve' } as const;
  return [
    teller.edit(),
    { do: 'create', side: 'customerp', kind: 'customer', value: teller.unique(), twin: false },
    teller.quiet('none'),
    approve,
    { ...approve, at: random.next() },
    { do: 'judge', at: 0.999, take: 'approve' },
    teller.edit(),
    { do: 'double', side: 'customerp', kind: 'customer', at: 0.999, property: 0, value: teller.unique() },
    {
      do: 'edit',
      side: 'customerp',
      kind: 'customer',
      at: 0.99,
      property: random.next(),
      value: teller.unique(),
    },
    { do: 'pass', ms: 11 * MINUTE_MS },
    teller.quiet('apply'),
  ];
};

/** The very field that somebody approved is edited once more before it is written: the source must be read again (A2). */
const editedAfterApproval: Episode = (teller) => {
  const { random } = teller;
  const field = {
    do: 'edit',
    side: teller.side(),
    kind: 'customer',
    at: random.next(),
    property: random.next(),
  } as const;
  return [
    { ...field, value: teller.unique() },
    teller.quiet('none'),
    ...[0.999, 0.97, 0.94, 0.9].map((at): Step => ({ do: 'judge', at, take: 'approve' })),
    { ...field, value: teller.unique() },
    { do: 'pass', ms: 11 * MINUTE_MS },
    teller.quiet('apply'),
  ];
};

/** W6: a value goes back and forth between two people, each in a system. */
const swings: Episode = (teller) => {
  const [side, kind, at, property] = [
    teller.side(),
    teller.random.oneOf(MAIN),
    teller.random.next(),
    teller.random.next(),
  ];
  const value = teller.unique();
  return [0, 1, 2, 3].flatMap((turn): Step[] => [
    { do: 'swing', side, kind, at, property, value, turn },
    teller.quiet('all'),
  ]);
};

/** S6, and what was moved is put right again, or not. */
const shiftedDates: Episode = (teller) => {
  const on = { side: teller.side(), kind: teller.random.oneOf(['employee', 'project'] as const) };
  const back: readonly Step[] = [{ do: 'shiftDates', ...on, days: -1 }, teller.quiet('all')];
  return [
    { do: 'shiftDates', ...on, days: 1 },
    teller.quiet(teller.random.oneOf(['all', 'safe'])),
    ...(teller.random.chance(0.7) ? back : []),
  ];
};

/** C6: a field is gone from every record, and back some runs later. */
const withheldField: Episode = (teller) => {
  const on = { side: teller.side(), kind: teller.random.chance(0.8) ? 'customer' : teller.kind() } as const;
  const property = teller.random.next();
  return [
    { do: 'withhold', ...on, property, again: false },
    teller.edit(),
    teller.run({ full: true }),
    teller.edit(),
    { do: 'withhold', ...on, property, again: true },
    teller.run({ full: teller.random.chance(0.7) }),
  ];
};

/** S3: another company answers; a person may say that it is meant. */
const otherTenant: Episode = (teller) => {
  const side = teller.side();
  return [
    { do: 'tenant', side, again: false },
    teller.edit(),
    teller.quiet(teller.random.oneOf(['all', 'safe', 'apply'])),
    ...(teller.random.chance(0.5) ? [teller.person(), teller.person()] : []),
    { do: 'tenant', side, again: true },
    teller.run({}),
  ];
};

/** S2: a kind is emptied, in the system itself or only in what it answers. */
const shrunkenSource: Episode = (teller) => {
  const on = { side: teller.side(), kind: teller.random.oneOf(['department', ...MAIN] as const) };
  const emptied: Step = teller.random.chance(0.5)
    ? { do: 'removeAll', ...on }
    : { do: 'pages', ...on, trick: 'nothing', at: 0, failure: 'cut' };
  return [
    emptied,
    teller.run({ full: true, crash: false }),
    ...(teller.random.chance(0.5) ? [teller.person(), { do: 'pass', ms: 11 * MINUTE_MS } as const] : []),
    teller.run({ full: true }),
    { do: 'returnAll', ...on },
  ];
};

/** S1: one property of every record at once. */
const massEdit: Episode = (teller) => [
  {
    do: 'editAll',
    side: teller.side(),
    kind: teller.random.chance(0.7) ? 'customer' : teller.kind(),
    property: teller.random.next(),
    value: teller.unique() * 100,
    clears: teller.random.chance(0.4),
  },
  teller.run({ mode: teller.random.oneOf(['safe', 'safe', 'all', 'none']) }),
  teller.person(),
  teller.run({}),
];

/** S8: a system refuses one write after the other. */
const refusals: Episode = (teller) => {
  const side = teller.side();
  return [
    {
      do: 'editAll',
      side: otherSide(side),
      kind: 'customer',
      property: teller.random.next(),
      value: teller.unique() * 100,
      clears: false,
    },
    {
      do: 'answer',
      side,
      answer: teller.random.oneOf(['refused', 'unknown', 'slowDown', 'notSent', 'notSent', 'conflict'] as const),
      acts: false,
      afterMs: 0,
      alters: false,
      times: 5 + teller.random.below(10),
    },
    teller.run({ mode: 'all' }),
    { do: 'pass', ms: 3 * MINUTE_MS },
    teller.run({ mode: 'apply' }),
  ];
};

/** V2: an approval that nobody uses for more than a week. */
const lapsed: Episode = (teller) => [
  teller.edit(),
  teller.edit(),
  teller.quiet('none'),
  { do: 'judge', at: teller.random.next(), take: 'approve' },
  { do: 'judge', at: teller.random.next(), take: 'approve' },
  { do: 'pass', ms: 8 * 24 * 60 * MINUTE_MS },
  teller.run({ mode: 'apply' }),
];

/** S5: the mapping changes in the middle, and perhaps back again. */
const changedMapping: Episode = (teller) => {
  const remap = {
    do: 'remap',
    kind: teller.random.oneOf(MAIN),
    how: teller.random.oneOf(['added', 'direction', 'length'] as const),
  } as const;
  return [
    remap,
    teller.edit(),
    teller.run({ mode: teller.random.oneOf(['safe', 'all', 'none', 'apply']) }),
    teller.edit(),
    ...(teller.random.chance(0.5) ? [remap] : []),
    teller.run({}),
  ];
};

const judgeNewest = (take: 'approve' | 'reject', of: 'deferred' | 'manual'): Step => ({
  do: 'judge',
  at: 0.999,
  take,
  of,
});

/** O3: a project waits for its customer, whose own creation nobody knows the outcome of. */
const waiting: Episode = (teller) => {
  const side = teller.side();
  const answered = (answer: 'unknown' | 'refused'): Step => ({
    do: 'answer',
    side: otherSide(side),
    answer,
    acts: false,
    afterMs: 0,
    alters: false,
    times: 1,
  });
  const settled: Step = { do: 'pass', ms: 3 * MINUTE_MS };
  const ends: readonly (readonly Step[])[] = [
    [settled],
    [judgeNewest('approve', 'deferred')],
    [judgeNewest('reject', 'deferred')],
    [settled, answered('refused')],
    [{ do: 'pass', ms: 8 * 24 * 60 * MINUTE_MS }],
    [{ do: 'edit', side, kind: 'project', at: 0.999, property: 0, value: teller.unique() }, teller.quiet('none')],
  ];
  return [
    { do: 'together', side, value: teller.unique() },
    answered('unknown'),
    { ...teller.quiet('all'), wait: false },
    ...teller.random.oneOf(ends),
    { ...teller.quiet('apply'), wait: false },
  ];
};

/** 7.4: neither id nor marker tells whether a new record came to be; a person must say. */
const lostCreate: Episode = (teller, traits) => {
  const side = isUnmarked(traits, 'tidsbanken') ? 'customerp' : 'tidsbanken';
  const value = teller.unique();
  const ends: readonly Step[] = [
    judgeNewest('approve', 'manual'),
    judgeNewest('reject', 'manual'),
    { do: 'decide', at: 0.999, take: teller.random.next() },
    { do: 'create', side: otherSide(side), kind: 'customer', value, twin: false },
  ];
  return [
    { do: 'create', side, kind: 'customer', value, twin: false },
    { do: 'answer', side: otherSide(side), answer: 'unknown', acts: false, afterMs: 0, alters: false, times: 1 },
    teller.quiet('all'),
    { do: 'pass', ms: 3 * MINUTE_MS },
    teller.quiet('safe'),
    teller.random.oneOf(ends),
    { do: 'link', kind: 'customer', at: 0.999, with: 0.999 },
    teller.quiet('apply'),
  ];
};

/** D6, and an end to links by hand. */
const handWork: Episode = (teller) => {
  const { random } = teller;
  return [
    { do: 'narrow', at: random.next(), direction: random.oneOf(['toTidsbanken', 'toCustomerp', 'off'] as const) },
    { do: 'narrow', at: random.next(), direction: random.oneOf(['toTidsbanken', 'toCustomerp', 'off'] as const) },
    { do: 'unlink', at: random.next() },
    teller.edit(),
    teller.run({}),
    ...(random.chance(0.6) ? [{ do: 'relink' } as const] : []),
    { do: 'link', kind: random.oneOf(MAIN), at: random.next(), with: random.next() },
    { do: 'narrow', at: random.next(), direction: 'both' },
    teller.run({}),
  ];
};

/** M4: partners that only look alike, and one too many. */
const lookAlikes: Episode = (teller) => [
  {
    do: 'alike',
    side: teller.side(),
    kind: teller.random.oneOf(['customer', 'employee'] as const),
    value: teller.unique(),
    twice: teller.random.chance(0.4),
  },
  { do: 'partners', value: teller.unique() },
  teller.run({}),
  teller.person(),
];

/** Section 10: a backup from some runs ago takes the place of the store. */
const restored: Episode = (teller) => [
  { do: 'backUp' },
  teller.edit(),
  teller.run({ mode: 'all' }),
  teller.edit(),
  teller.run({}),
  { do: 'restore', at: teller.random.next() },
  teller.run({ mode: teller.random.oneOf(['all', 'safe', 'apply']) }),
  teller.edit(),
];

const died: Episode = (teller) => [
  { do: 'dieInBackup' },
  teller.run({}),
  { do: 'dieInMigration' },
  ...(teller.random.chance(0.3) ? [{ do: 'restore', at: 0.999 } as const] : []),
];

export const EPISODES: readonly NamedEpisode[] = [
  anywhere('approvedTooEarly', 20, approvedTooEarly),
  anywhere('editedAfterApproval', 12, editedAfterApproval),
  anywhere('swings', 4, swings),
  anywhere('shiftedDates', 3, shiftedDates),
  anywhere('withheldField', 3, withheldField),
  anywhere('otherTenant', 3, otherTenant),
  anywhere('shrunkenSource', 3, shrunkenSource),
  anywhere('massEdit', 3, massEdit),
  anywhere('refusals', 3, refusals),
  anywhere('lapsed', 3, lapsed),
  anywhere('changedMapping', 4, changedMapping),
  anywhere('handWork', 4, handWork),
  anywhere('lookAlikes', 4, lookAlikes),
  anywhere('waiting', 14, waiting),
  unmarked('lostCreate', 30, lostCreate),
  anywhere('planTwice', 3, () => [{ do: 'planTwice' }]),
  anywhere('applyTwice', 3, (teller) => [teller.edit(), teller.edit(), { do: 'applyTwice' }]),
  inFile('restored', 30, restored),
  inFile('died', 20, died),
];
