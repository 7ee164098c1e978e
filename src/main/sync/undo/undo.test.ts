import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ChangeState, GroupChange, Kind, MemberChange, Props } from '../../../shared/domain.ts';
import type { FlowMapping, Property } from '../../mapping/mapping.ts';
import type { StoredChange } from '../../store/changes.ts';
import { Fakes } from '../testing/run-on-fakes.ts';
import { stillStands, undoRows } from './undo.ts';
import type { UndoFacts } from './undo.ts';

/** 7.5, decided from values alone. */

const fakes = new Fakes();
afterAll(() => fakes.close());

const [BEFORE, AFTER, ELSE] = ['+4790000041', '+4790000042', '+4790000049'];
const member = (property: string, expected: string | null, desired: string | null): MemberChange => ({
  property,
  expected,
  desired,
});
const group = (name: string, ...members: MemberChange[]): GroupChange => ({
  group: name,
  row: 'R7',
  needs: 'auto',
  members,
  fingerprint: name,
  approved: true,
});
const phone = group('phone', member('phone', BEFORE, AFTER));

const written = (more: Partial<StoredChange> = {}): StoredChange => ({
  id: 7,
  planId: 1,
  kind: 'customer',
  op: 'update',
  target: 'tidsbanken',
  linkId: 1,
  customerpId: 'C1',
  tidsbankenId: '10001',
  groups: [phone],
  needs: 'auto',
  fingerprint: 'f',
  versions: { mapping: '1', policy: '1', tenant: '1' },
  waitsFor: [],
  label: 'Fjordlys AS',
  state: 'verified',
  origin: 'plan',
  approvedBy: null,
  approvedAt: null,
  rail: null,
  attempt: 1,
  sentAt: 1,
  sentRun: 1,
  problem: null,
  createdAt: 1,
  updatedAt: 1,
  ...more,
});

const withName =
  (more: Partial<Property>) =>
  (flow: FlowMapping): FlowMapping => ({
    ...flow,
    properties: flow.properties.map((p) => (p.name === 'name' ? { ...p, ...more } : p)),
  });

const facts = (target: Props | null, more: Partial<UndoFacts> = {}, kind: Kind = 'customer'): UndoFacts => ({
  flow: fakes.flows.get(kind),
  isSameSystem: true,
  link: { state: 'active', direction: 'both', base: { customerp: {}, tidsbanken: {} } },
  identityChanged: false,
  outOfScope: false,
  target,
  open: null,
  touched: [],
  canClose: true,
  isLinked: () => true,
  ...more,
});

const openChange = (origin: StoredChange['origin'], state: ChangeState, groups = [phone]): UndoFacts['open'] => ({
  origin,
  state,
  groups,
});
const link = (more: Partial<NonNullable<UndoFacts['link']>>): Partial<UndoFacts> => ({
  link: { state: 'active', direction: 'both', base: { customerp: {}, tidsbanken: {} }, ...more },
});

const outcome = (change: StoredChange, given: UndoFacts): string[] =>
  undoRows(change, given).map((row) =>
    row.outcome === 'reversed' ? `reversed ${row.op}` : `${row.outcome} ${row.why}`,
  );

describe('an update', () => {
  it('what is there is what was written: back to what was there before', () => {
    const [row] = undoRows(written(), facts({ phone: AFTER }));
    expect(row).toMatchObject({
      outcome: 'reversed',
      op: 'update',
      back: [{ property: 'phone', expected: AFTER, desired: BEFORE }],
      members: [{ property: 'phone', written: AFTER, now: AFTER, before: BEFORE }],
    });
  });

  it.each([
    { rule: 'edited since: kept', now: ELSE, is: 'kept editedSince' },
    { rule: 'emptied since: kept', now: null, is: 'kept editedSince' },
    { rule: 'taken back by hand: kept', now: BEFORE, is: 'kept alreadyBack' },
  ])('$rule', ({ now, is }) => expect(outcome(written(), facts({ phone: now }))).toEqual([is]));

  it('N1: what was not read is neither kept nor reversed', () =>
    expect(outcome(written(), facts({}))).toEqual(['cannot unreadable']));

  it.each<[string, string, Partial<StoredChange>, Partial<UndoFacts>]>([
    ['nobody knows what was written', 'notVerified', { state: 'unknown' }, {}],
    ['the system holds something else than was sent', 'notVerified', { state: 'transformed' }, {}],
    ['S3: another company', 'otherSystem', {}, { isSameSystem: false }],
    ['the link ended', 'linkEnded', {}, link({ state: 'unlinked' })],
    ['the link is not known', 'linkEnded', {}, { link: null }],
    ['M6: the pair is in question', 'identityChanged', {}, { identityChanged: true }],
    ['C7: a filter leaves it out', 'outOfScope', {}, { outOfScope: true }],
    ['D6: the pair is paused', 'againstDirection', {}, link({ direction: 'off' })],
    ['D6: the pair goes the other way', 'againstDirection', {}, link({ direction: 'toCustomerp' })],
    ['the record is gone', 'gone', {}, { target: null }],
    ['the flow is switched off', 'flowOff', {}, { flow: undefined }],
    ['S5: its values are made another way', 'mappingChanged', {}, { touched: ['phone'] }],
    ['S5: nobody kept its mapping', 'mappingChanged', {}, { touched: 'all' }],
    ['2.5: a decision on the record waits', 'openChange', {}, { open: openChange('decision', 'approved') }],
    ['2.5: an approved proposal waits', 'openChange', {}, { open: openChange('plan', 'approved') }],
    ['2.5: a write is under way', 'openChange', {}, { open: openChange('plan', 'unknown') }],
    ['it is proposed already', 'alreadyProposed', {}, { open: openChange('undo', 'planned') }],
  ])('%s: cannot, %s', (_, why, change, given) =>
    expect(outcome(written(change), facts({ phone: AFTER }, given))).toEqual([`cannot ${why}`]),
  );

  it('2.5: a mere proposal of the sync gives way; an undo of another group is joined', () => {
    const target = { phone: AFTER };
    expect(outcome(written(), facts(target, { open: openChange('plan', 'planned') }))).toEqual(['reversed update']);
    const other = openChange('undo', 'planned', [group('email')]);
    expect(outcome(written(), facts(target, { open: other }))).toEqual(['reversed update']);
  });

  it('N5: what was filled in is emptied again where the field can be emptied, and stays where it cannot', () => {
    const filled = written({ groups: [group('phone', member('phone', null, AFTER))] });
    expect(outcome(filled, facts({ phone: AFTER }))).toEqual(['reversed update']);
    const named = written({ groups: [group('name', member('name', null, 'Fjordlys AS'))] });
    expect(outcome(named, facts({ name: 'Fjordlys AS' }))).toEqual(['cannot notWritable']);
  });

  it('maxLen: a text that the field would cut today is not given back in part', () => {
    const narrow = new Fakes({ mapping: withName({ maxLength: { tidsbanken: 12 } }) });
    const flow = narrow.flows.get('customer');
    narrow.close();
    const long = written({ groups: [group('name', member('name', 'Fjordlys Elektro AS', 'Fjordlys AS'))] });
    const target = { name: 'Fjordlys AS' };
    expect(outcome(long, facts(target, { flow }))).toEqual(['cannot notWritable']);
    expect(outcome(long, facts(target))).toEqual(['reversed update']);
  });

  it('I15: a reference whose link ended is not written again', () => {
    const groups = [group('manager', member('manager', 'link:3', 'link:4'))];
    const moved = written({ kind: 'project', groups });
    const flow = fakes.flows.get('project');
    const reference = flow?.properties.find((p) => p.reference !== undefined && p.direction === 'both')?.name ?? '';
    const change = { ...moved, groups: [group(reference, member(reference, 'link:3', 'link:4'))] };
    const target = { [reference]: 'link:4' };
    expect(outcome(change, facts(target, { isLinked: () => false }, 'project'))).toEqual(['cannot unlinkedReference']);
    expect(outcome(change, facts(target, {}, 'project'))).toEqual(['reversed update']);
  });

  it('each group by itself', () => {
    const email = group('email', member('email', 'a@x.example', 'b@x.example'));
    const change = written({ groups: [phone, email] });
    expect(outcome(change, facts({ phone: AFTER, email: 'c@x.example' }))).toEqual([
      'reversed update',
      'kept editedSince',
    ]);
  });
});

describe('lifecycle (2.3)', () => {
  const active = (expected: string, desired: string): StoredChange => {
    const { lifecycle } = fakes.flows.get('project')?.mapping ?? {};
    const name = fakes.flows.get('project')?.groups.find((g) => g.lifecycle)?.name ?? '';
    return written({ kind: 'project', groups: [group(name, member(lifecycle?.property ?? '', expected, desired))] });
  };
  const property = fakes.flows.get('project')?.mapping.lifecycle?.property ?? '';
  const inactive = fakes.flows.get('project')?.mapping.lifecycle?.inactive ?? '';
  const open = inactive === 'true' ? 'false' : 'true';

  it('what was closed is opened again, by an update', () =>
    expect(outcome(active(open, inactive), facts({ [property]: inactive }, {}, 'project'))).toEqual([
      'reversed update',
    ]));
  it('7.3: what was opened is closed again, by an archive', () =>
    expect(outcome(active(inactive, open), facts({ [property]: open }, {}, 'project'))).toEqual(['reversed archive']));

  describe('a created record', () => {
    const created = written({
      kind: 'project',
      op: 'create',
      groups: [
        group('name', member('name', null, 'Brygge')),
        group('customerOrderNumber', member('customerOrderNumber', null, null)),
        group('closed', member(property, null, open)),
      ],
    });
    const held = (more: Props = {}): Props => ({
      name: 'Brygge',
      customerOrderNumber: null,
      [property]: open,
      ...more,
    });

    it('X1: is proposed for closing, never deleted', () => {
      const [row] = undoRows(created, facts(held(), {}, 'project'));
      expect(row).toMatchObject({
        group: 'create',
        outcome: 'reversed',
        op: 'archive',
        back: [{ property, expected: open, desired: inactive }],
      });
    });
    it.each<[string, string, Props, Partial<UndoFacts>]>([
      ['edited since', 'kept editedSince', { name: 'Brygge øst' }, {}],
      [
        'a field that was empty was filled in since',
        'kept editedSince',
        { customerOrderNumber: 'x' },
        link({ base: { customerp: {}, tidsbanken: { customerOrderNumber: null } } }),
      ],
      [
        'a field that the system filled in by itself',
        'reversed archive',
        { customerOrderNumber: 'x' },
        link({ base: { customerp: {}, tidsbanken: { customerOrderNumber: 'x' } } }),
      ],
      ['closed since', 'kept alreadyBack', { [property]: inactive }, {}],
      ['2.3: the kind cannot be closed', 'cannot cannotClose', {}, { canClose: false }],
    ])('%s: %s', (_, is, now, given) => expect(outcome(created, facts(held(now), given, 'project'))).toEqual([is]));
    it('of a kind that knows no closing: cannot', () => {
      const kunde = written({ op: 'create', groups: [group('name', member('name', null, 'Fjordlys AS'))] });
      expect(outcome(kunde, facts({ name: 'Fjordlys AS' }))).toEqual(['cannot cannotClose']);
    });
  });
});

describe('properties of undo', () => {
  const value = fc.constantFrom(null, BEFORE, AFTER, ELSE);
  const change = fc
    .tuple(value, value)
    .map(([before, after]) => written({ groups: [group('phone', member('phone', before, after))] }));
  const target = fc.oneof(
    fc.constant<Props>({}),
    value.map((now): Props => ({ phone: now })),
  );

  it('I2: what is reversed is written over just what is there, and that is what was written', () =>
    fc.assert(
      fc.property(change, target, (c, now) => {
        for (const row of undoRows(c, facts(now)).filter((r) => r.outcome === 'reversed')) {
          expect(row.back.map((m) => m.expected)).toEqual([now['phone']]);
          expect(row.back.map((m) => m.expected)).toEqual(c.groups[0]?.members.map((m) => m.desired));
        }
      }),
    ));
  it('I17: taken back once, there is nothing left to take back', () =>
    fc.assert(
      fc.property(change, target, (c, now) => {
        for (const row of undoRows(c, facts(now)).filter((r) => r.outcome === 'reversed')) {
          const back = Object.fromEntries(row.back.map((m) => [m.property, m.desired]));
          const again = undoRows(c, facts(back)).filter((r) => r.outcome === 'reversed');
          expect(again.every((r) => r.back.every((m) => m.desired === m.expected))).toBe(true);
        }
      }),
    ));
  it('every group has one row, and the same facts give the same rows', () =>
    fc.assert(
      fc.property(change, target, (c, now) => {
        expect(undoRows(c, facts(now))).toHaveLength(c.groups.length);
        expect(undoRows(c, facts(now))).toEqual(undoRows(c, facts(now)));
      }),
    ));
});

describe('a proposed undo stands', () => {
  const proposed = { target: 'tidsbanken', groups: [group('phone', member('phone', AFTER, BEFORE))] } as const;
  it.each([
    { rule: 'as long as the value is there', now: AFTER, direction: 'both', is: true },
    { rule: 'not once it was edited', now: ELSE, direction: 'both', is: false },
    { rule: 'not against a direction narrowed since (D6)', now: AFTER, direction: 'toCustomerp', is: false },
  ] as const)('$rule', ({ now, direction, is }) =>
    expect(stillStands(proposed, { phone: now }, { direction })).toBe(is),
  );
});
