import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppOnSandbox } from './testing/app-on-sandbox.suite.ts';

const SLICE = { offset: 0, limit: 100 };

describe('a linked pair stays in step, whichever side is edited', () => {
  let world: AppOnSandbox;

  beforeEach(async () => {
    world = await AppOnSandbox.start({
      customers: 30,
      employees: 8,
      projects: 8,
      overlap: 0.9,
      differ: 0,
      dirt: 0,
      seed: 3,
    });
    await world.sync('all');
  }, 60_000);
  afterEach(() => world.stop());

  const pairs = async (count: number) => {
    const found = await world.linkedCustomers(count);
    expect(found).toHaveLength(count);
    return found;
  };

  it('R7, R8: one property edited on each side of different records arrives at the next sync', async () => {
    const [a, b] = await pairs(2);
    if (a === undefined || b === undefined) throw new Error('no pairs');
    await world.edit('customerp', 'customers', a.customerpId, { email: 'ny.post@fjell.example' });
    await world.edit('tidsbanken', 'Kunde', b.tidsbankenId, { Epost: 'kontor@dal.example' });
    const run = await world.sync('safe');
    expect(run.flows['customer-kunde']?.updated).toEqual({ customerp: 1, tidsbanken: 1 });
    expect(await world.record('tidsbanken', 'Kunde', a.tidsbankenId)).toMatchObject({ Epost: 'ny.post@fjell.example' });
    expect(await world.record('customerp', 'customers', b.customerpId)).toMatchObject({ email: 'kontor@dal.example' });
  });

  it('R12: both sides of one property edited is held, and taking a side settles it', async () => {
    const [pair] = await pairs(1);
    if (pair === undefined) throw new Error('no pair');
    await world.edit('customerp', 'customers', pair.customerpId, { email: 'en@fjell.example' });
    await world.edit('tidsbanken', 'Kunde', pair.tidsbankenId, { Epost: 'to@fjell.example' });
    const held = await world.sync('all');
    expect(held.flows['customer-kunde']).toMatchObject({ updated: { customerp: 0, tidsbanken: 0 }, mismatches: 2 });
    const { rows } = await world.app.mismatches({ kind: 'bothEdited' }, SLICE);
    expect(rows).toMatchObject([{ customerpId: pair.customerpId, group: 'email' }]);

    const decided = await world.app.decideMismatches([rows[0]?.id ?? 0], { take: 'customerp' });
    expect(decided).toEqual({ decided: 1, refused: [] });
    await world.run({ do: 'apply', approve: 'none' });
    expect(await world.record('tidsbanken', 'Kunde', pair.tidsbankenId)).toMatchObject({ Epost: 'en@fjell.example' });
    expect((await world.app.mismatches({ kind: 'bothEdited' }, SLICE)).total).toBe(0);
  });

  it('V2: a decision outlives a sync in between', async () => {
    const [pair] = await pairs(1);
    if (pair === undefined) throw new Error('no pair');
    await world.edit('customerp', 'customers', pair.customerpId, { email: 'en@fjell.example' });
    await world.edit('tidsbanken', 'Kunde', pair.tidsbankenId, { Epost: 'to@fjell.example' });
    await world.sync('none');
    const { rows } = await world.app.mismatches({ kind: 'bothEdited' }, SLICE);
    await world.app.decideMismatches([rows[0]?.id ?? 0], { take: 'tidsbanken' });
    await world.sync('safe', { full: true });
    expect(await world.record('customerp', 'customers', pair.customerpId)).toMatchObject({ email: 'to@fjell.example' });
  });

  it('D5: an accepted difference stays as it is, and is asked about no more', async () => {
    const [pair] = await pairs(1);
    if (pair === undefined) throw new Error('no pair');
    await world.edit('customerp', 'customers', pair.customerpId, { email: 'en@fjell.example' });
    await world.edit('tidsbanken', 'Kunde', pair.tidsbankenId, { Epost: 'to@fjell.example' });
    await world.sync('none');
    const { rows } = await world.app.mismatches({ kind: 'bothEdited' }, SLICE);
    await world.app.decideMismatches([rows[0]?.id ?? 0], { take: 'accept' });
    const run = await world.sync('all', { full: true });
    expect(run.flows['customer-kunde']).toMatchObject({ updated: { customerp: 0, tidsbanken: 0 } });
    expect((await world.app.mismatches({ kind: 'bothEdited' }, SLICE)).total).toBe(0);
    expect(await world.app.record('customer-kunde', 'customerp', pair.customerpId)).toMatchObject({
      ok: true,
      value: { bucket: 'inStep' },
    });
  });

  it('R9: a cleared value is not passed on without a person', async () => {
    const [pair] = await pairs(1);
    if (pair === undefined) throw new Error('no pair');
    await world.edit('customerp', 'customers', pair.customerpId, { website: 'https://fjell.example' });
    await world.sync('safe');
    await world.edit('customerp', 'customers', pair.customerpId, { website: null });
    await world.sync('safe');
    expect(await world.record('tidsbanken', 'Kunde', pair.tidsbankenId)).toMatchObject({
      Url: 'https://fjell.example',
    });
    const { rows } = await world.app.changes({ show: 'waiting' }, SLICE);
    expect(rows).toMatchObject([{ customerpId: pair.customerpId, needs: 'review', groups: ['website'] }]);
    await world.app.decideChanges([rows[0]?.id ?? 0], 'approve');
    await world.run({ do: 'apply', approve: 'none' });
    expect(await world.record('tidsbanken', 'Kunde', pair.tidsbankenId)).toMatchObject({ Url: '' });
  });

  it('A3: a record edited after the approval is not written over', async () => {
    const [pair] = await pairs(1);
    if (pair === undefined) throw new Error('no pair');
    await world.edit('customerp', 'customers', pair.customerpId, { phone: '22 33 44 55' });
    await world.sync('none');
    const { rows } = await world.app.changes({ show: 'waiting' }, SLICE);
    await world.app.decideChanges([rows[0]?.id ?? 0], 'approve');
    await world.edit('tidsbanken', 'Kunde', pair.tidsbankenId, { Telefon: '99 88 77 66' });
    await world.run({ do: 'apply', approve: 'none' });
    expect(await world.record('tidsbanken', 'Kunde', pair.tidsbankenId)).toMatchObject({ Telefon: '99 88 77 66' });
    expect(await world.app.change(rows[0]?.id ?? 0)).toMatchObject({ ok: true, value: { state: 'stale' } });
    await world.sync('safe');
    expect((await world.app.mismatches({ kind: 'bothEdited' }, SLICE)).total).toBe(1);
  });

  it('a refused change stays refused until something about it changes', async () => {
    const [pair] = await pairs(1);
    if (pair === undefined) throw new Error('no pair');
    await world.edit('customerp', 'customers', pair.customerpId, { phone: '22 33 44 55' });
    await world.sync('none');
    const { rows } = await world.app.changes({ show: 'waiting' }, SLICE);
    await world.app.decideChanges([rows[0]?.id ?? 0], 'reject');
    const run = await world.sync('all', { full: true });
    expect(run.flows['customer-kunde']).toMatchObject({ updated: { customerp: 0, tidsbanken: 0 }, skipped: 2 });
    await world.edit('customerp', 'customers', pair.customerpId, { phone: '22 33 44 66' });
    await world.sync('safe');
    expect(await world.record('tidsbanken', 'Kunde', pair.tidsbankenId)).toMatchObject({
      Telefon: expect.stringContaining('66') as string,
    });
  });

  it('D6: a paused pair is left alone, and comes along when it is resumed', async () => {
    const [pair] = await pairs(1);
    if (pair === undefined) throw new Error('no pair');
    const link = await world.app.findLink('customer-kunde', pair.customerpId);
    if (!link.ok) throw new Error('no link');
    await world.app.setDirection(link.value.linkId, 'off');
    await world.edit('customerp', 'customers', pair.customerpId, { email: 'pause@fjell.example' });
    await world.sync('all');
    expect(await world.record('tidsbanken', 'Kunde', pair.tidsbankenId)).not.toMatchObject({
      Epost: 'pause@fjell.example',
    });
    await world.app.setDirection(link.value.linkId, 'both');
    await world.sync('safe');
    expect(await world.record('tidsbanken', 'Kunde', pair.tidsbankenId)).toMatchObject({
      Epost: 'pause@fjell.example',
    });
  });

  it('links two records by hand, and unlinks them again', async () => {
    const only = await world.app.mismatches({ flow: 'customer-kunde', kind: 'onlyInTidsbanken' }, SLICE);
    const [pair] = await pairs(1);
    const kunde = only.rows[0]?.tidsbankenId;
    if (pair === undefined || kunde === undefined || kunde === null) throw new Error('nothing to link');
    expect(await world.app.link('customer-kunde', pair.customerpId, kunde)).toMatchObject({
      ok: false,
      failure: { kind: 'refused' },
    });
    const link = await world.app.findLink('customer-kunde', pair.customerpId);
    if (!link.ok) throw new Error('no link');
    await world.app.unlink(link.value.linkId);
    expect(await world.app.link('customer-kunde', pair.customerpId, kunde)).toMatchObject({ ok: true });
    await world.sync('none');
    expect(await world.app.record('customer-kunde', 'customerp', pair.customerpId)).toMatchObject({
      ok: true,
      value: { partnerId: kunde },
    });
  });
});

describe('rails that a person lifts', () => {
  let world: AppOnSandbox;

  beforeEach(async () => {
    world = await AppOnSandbox.start({
      customers: 40,
      employees: 4,
      projects: 4,
      overlap: 0.9,
      differ: 0,
      dirt: 0,
      seed: 3,
    });
  }, 60_000);
  afterEach(() => world.stop());

  it('S7: a first plan is only shown, however often, until somebody has looked at it', async () => {
    const first = await world.sync('safe');
    const second = await world.sync('safe');
    for (const run of [first, second])
      expect(run.problems).toEqual(
        expect.arrayContaining([expect.objectContaining({ kind: 'rail', recordKind: 'customer' })]),
      );
    expect(await world.writes('tidsbanken')).toEqual([]);
    const { rows } = await world.app.changes({ flow: 'customer-kunde' }, SLICE);
    await world.app.decideChanges([rows[0]?.id ?? 0], 'approve');
    const third = await world.sync('safe');
    expect(third.problems.filter((p) => p.recordKind === 'customer')).toEqual([]);
    expect((await world.writes('tidsbanken')).filter((w) => w.kind === 'Kunde')).toHaveLength(1);
  });

  it('S2: a source that shrank holds its flow until a person says that it is so', async () => {
    await world.sync('all');
    for (const row of (await world.records('customerp', 'customers')).slice(0, 15))
      await world.door('customerp', `records/customers/${String(row['id'])}`, { method: 'DELETE' });
    const held = await world.sync('all', { full: true });
    expect(held.problems.map((p) => p.kind)).toContain('incompleteCollection');
    const { rows } = await world.app.mismatches({ flow: 'customer-kunde', kind: 'rail' }, SLICE);
    expect(rows).toMatchObject([{ detail: { rail: 'S2', side: 'customerp' }, takes: ['accept', 'later'] }]);
    await world.app.decideMismatches([rows[0]?.id ?? 0], { take: 'accept' });
    await world.sync('none', { full: true });
    const gone = await world.app.mismatches({ flow: 'customer-kunde', kind: 'goneInCustomerp' }, SLICE);
    expect(gone.rows[0]).toMatchObject({ detail: { confirmed: 'no' } });
  });
});

describe('a reference in a pending change', () => {
  it('is shown by the record it stands for, not by the link between', async () => {
    const world = await AppOnSandbox.start({
      customers: 20,
      employees: 2,
      projects: 10,
      overlap: 0.5,
      differ: 0,
      dirt: 0,
      seed: 3,
    });
    try {
      await world.sync('none');
      const { rows } = await world.app.changes({ flow: 'project-prosjekt' }, SLICE);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        const change = await world.app.change(row.id);
        if (!change.ok) throw new Error(change.failure.what);
        expect(JSON.stringify([change.value.summary, change.value.groupViews])).not.toMatch(/link:|open:/);
      }
    } finally {
      await world.stop();
    }
  }, 60_000);
});

describe('many decided at once', () => {
  it('S1: stand approved and held until their number is typed', async () => {
    const world = await AppOnSandbox.start({
      customers: 60,
      employees: 2,
      projects: 2,
      overlap: 0.5,
      differ: 0,
      dirt: 0,
      seed: 3,
    });
    try {
      await world.sync('all');
      const { rows } = await world.app.mismatches({ flow: 'customer-kunde', kind: 'onlyInTidsbanken' }, SLICE);
      const ids = rows.map((r) => r.id);
      expect(ids.length).toBeGreaterThan(12);
      expect(await world.app.decideMismatches(ids, { take: 'create' })).toMatchObject({ decided: ids.length });
      await world.run({ do: 'apply', approve: 'none' });
      await world.sync('safe');
      expect(await world.writes('customerp')).toEqual([]);
      const held = await world.app.bulkSummary({ flow: 'customer-kunde', show: 'open' });
      expect(held).toMatchObject({ total: ids.length, rails: ['S1:create'] });
      expect(
        await world.app.decideAllChanges({ flow: 'customer-kunde', show: 'open' }, 'approve', ids.length - 1),
      ).toMatchObject({ ok: false });
      await world.app.decideAllChanges({ flow: 'customer-kunde', show: 'open' }, 'approve', ids.length);
      await world.run({ do: 'apply', approve: 'none' });
      expect(await world.writes('customerp')).toHaveLength(ids.length);
    } finally {
      await world.stop();
    }
  }, 60_000);

  it('each mismatch of one pair can be decided, one after the other', async () => {
    const world = await AppOnSandbox.start({
      customers: 10,
      employees: 2,
      projects: 2,
      overlap: 1,
      differ: 0,
      dirt: 0,
      seed: 3,
    });
    try {
      await world.sync('all');
      const [pair] = await world.linkedCustomers(1);
      if (pair === undefined) throw new Error('no pair');
      await world.edit('customerp', 'customers', pair.customerpId, {
        email: 'en@fjell.example',
        phone: '22 33 44 55',
        website: 'https://en.example',
      });
      await world.edit('tidsbanken', 'Kunde', pair.tidsbankenId, {
        Epost: 'to@fjell.example',
        Telefon: '22 33 44 66',
        Url: 'https://to.example',
      });
      await world.sync('safe');
      const { rows } = await world.app.mismatches({ kind: 'bothEdited' }, SLICE);
      const of = (group: string): number[] => rows.filter((r) => r.group === group).map((r) => r.id);
      expect(await world.app.decideMismatches(of('email'), { take: 'customerp' })).toEqual({ decided: 1, refused: [] });
      expect(await world.app.decideMismatches(of('phone'), { take: 'accept' })).toEqual({ decided: 1, refused: [] });
      expect(await world.app.decideMismatches(of('website'), { take: 'tidsbanken' })).toEqual({
        decided: 1,
        refused: [],
      });
      await world.run({ do: 'apply', approve: 'none' });
      expect(await world.record('tidsbanken', 'Kunde', pair.tidsbankenId)).toMatchObject({
        Epost: 'en@fjell.example',
        Telefon: '22 33 44 66',
      });
      expect(await world.record('customerp', 'customers', pair.customerpId)).toMatchObject({
        website: 'https://to.example',
        phone: '22 33 44 55',
      });
      expect((await world.app.mismatches({ kind: 'bothEdited' }, SLICE)).total).toBe(0);
    } finally {
      await world.stop();
    }
  }, 60_000);
});

describe('W6: two writers that undo each other', () => {
  it('are told, and the group is left alone until a person decides', async () => {
    const world = await AppOnSandbox.start({
      customers: 10,
      employees: 2,
      projects: 2,
      overlap: 1,
      differ: 0,
      dirt: 0,
      seed: 3,
    });
    try {
      await world.sync('all');
      const [pair] = await world.linkedCustomers(1);
      if (pair === undefined) throw new Error('no pair');
      const { customerpId, tidsbankenId } = pair;
      await world.edit('customerp', 'customers', customerpId, { email: 'en@fjell.example' });
      await world.sync('safe');
      await world.edit('customerp', 'customers', customerpId, { email: 'to@fjell.example' });
      await world.sync('safe');
      await world.edit('tidsbanken', 'Kunde', tidsbankenId, { Epost: 'en@fjell.example' });
      await world.sync('safe');
      await world.edit('customerp', 'customers', customerpId, { email: 'to@fjell.example' });
      await world.sync('safe');
      expect(await world.record('tidsbanken', 'Kunde', tidsbankenId)).toMatchObject({ Epost: 'to@fjell.example' });
      await world.edit('tidsbanken', 'Kunde', tidsbankenId, { Epost: 'en@fjell.example' });
      await world.sync('safe');
      expect(await world.record('customerp', 'customers', customerpId)).toMatchObject({ email: 'to@fjell.example' });
      expect((await world.app.mismatches({ kind: 'flapping' }, SLICE)).rows).toMatchObject([
        { group: 'email', customerpId },
      ]);
    } finally {
      await world.stop();
    }
  }, 60_000);
});
