import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLOWS, SIDES } from '../../../shared/domain.ts';
import type { AuditFinding, AuditReport } from './audit.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';

const all = { offset: 0, limit: 500 };

const about = (report: AuditReport, customerpId: string): AuditFinding[] =>
  report.findings.filter((f) => f.finding !== 'duplicate' && f.customerpId === customerpId);

describe('audit', () => {
  let world: AppOnSandbox;
  let before: AuditReport;
  let pairs: { customerpId: string; tidsbankenId: string }[];

  const audit = async (limit = 1_000): Promise<AuditReport> => {
    const report = await world.app.audit({ limit });
    if (!report.ok) throw new Error(report.failure.what);
    return report.value;
  };
  const stateOf = async (): Promise<unknown> => ({
    writes: await Promise.all(SIDES.map((side) => world.writes(side))),
    records: await world.app.records({}, all),
    journal: (await world.app.journal({}, all)).total,
    runs: (await world.app.runs(all)).total,
    changes: await world.app.changes({}, all),
  });
  const pair = (index: number) => pairs[index] ?? { customerpId: 'none', tidsbankenId: 'none' };

  beforeAll(async () => {
    world = await AppOnSandbox.start({ customers: 40, employees: 15, projects: 20, overlap: 0.6, seed: 5 });
    await world.sync('all');
    await world.sync('all');
    pairs = await world.linkedCustomers(6);
    before = await audit();
  }, 60_000);
  afterAll(() => world.stop());

  it.each(FLOWS)('counts every link of %s exactly once', (flow) => {
    const f = before.flows.find((row) => row.flow === flow);
    if (f === undefined) throw new Error('not audited');
    expect(f.problem).toBeNull();
    expect(f.links).toBeGreaterThan(0);
    expect(f.equal + f.accepted + f.different + f.missing + f.notCompared).toBe(f.links);
  });

  it('finds equal what the sync calls in step, and lists what it does not', async () => {
    const { rows } = await world.app.records({ side: 'customerp', linked: true }, all);
    const inStep = new Set(rows.filter((r) => r.bucket === 'inStep').map((r) => `${r.flow} ${r.nativeId}`));
    const listed = before.findings.flatMap((f) => (f.finding === 'different' ? [`${f.flow} ${f.customerpId}`] : []));
    expect(listed.filter((id) => inStep.has(id))).toEqual([]);
    const equal = before.flows.reduce((n, f) => n + f.equal + f.accepted, 0);
    expect(equal).toBeGreaterThan(rows.length / 2);
  });

  it('lists an edit that was not carried over, with both values', async () => {
    const { customerpId, tidsbankenId } = pair(0);
    await world.edit('tidsbanken', 'Kunde', tidsbankenId, { Telefon: '+4722334455' });
    expect(about(await audit(), customerpId)).toMatchObject([
      { finding: 'different', tidsbankenId, properties: [{ property: 'phone', tidsbanken: '+4722334455' }] },
    ]);
  });

  it('another spelling of the same value is equal', async () => {
    const { customerpId, tidsbankenId } = pair(1);
    const { Navn } = await world.record('tidsbanken', 'Kunde', tidsbankenId);
    await world.edit('tidsbanken', 'Kunde', tidsbankenId, { Navn: `  ${String(Navn)} ` });
    expect(about(await audit(), customerpId)).toEqual([]);
  });

  it('an accepted difference is counted, not listed, until a side moves', async () => {
    const { customerpId, tidsbankenId } = pair(2);
    await world.edit('customerp', 'customers', customerpId, { phone: '+4722000001' });
    await world.edit('tidsbanken', 'Kunde', tidsbankenId, { Telefon: '+4722000002' });
    await world.sync('safe');
    const { rows } = await world.app.mismatches({ kind: 'bothEdited' }, all);
    const found = rows.find((row) => row.customerpId === customerpId);
    await world.app.decideMismatches([found?.id ?? 0], { take: 'accept' });
    const accepted = await audit();
    expect(about(accepted, customerpId)).toEqual([]);
    expect(accepted.flows.find((f) => f.flow === 'customer-kunde')?.accepted).toBe(
      (before.flows.find((f) => f.flow === 'customer-kunde')?.accepted ?? 0) + 1,
    );
    await world.edit('tidsbanken', 'Kunde', tidsbankenId, { Telefon: '+4722000003' });
    expect(about(await audit(), customerpId)).toMatchObject([{ finding: 'different' }]);
  });

  it('lists a partner that is gone', async () => {
    const { customerpId, tidsbankenId } = pair(3);
    await world.door('tidsbanken', `records/Kunde/${tidsbankenId}`, { method: 'DELETE' });
    expect(about(await audit(), customerpId)).toMatchObject([{ finding: 'missing', missingIn: ['tidsbanken'] }]);
  });

  it('lists records of one system that share a strong key', async () => {
    const [a, b] = [pair(4), pair(5)];
    const { Organisasjonsnummer } = await world.record('tidsbanken', 'Kunde', a.tidsbankenId);
    await world.edit('tidsbanken', 'Kunde', b.tidsbankenId, { Organisasjonsnummer });
    const ids = (await audit()).findings.flatMap((f) =>
      f.finding === 'duplicate' && f.side === 'tidsbanken' ? [f.nativeIds] : [],
    );
    expect(ids).toContainEqual([a.tidsbankenId, b.tidsbankenId].toSorted());
  });

  it('lists as many as it is told, and counts all', async () => {
    const full = await audit();
    const short = await audit(1);
    expect(short.findings).toEqual(full.findings.slice(0, 1));
    expect(short.flows).toEqual(full.flows);
  });

  it('C7 a pair that the filter leaves out is not compared', async () => {
    const { customerpId, tidsbankenId } = pair(0);
    await world.edit('tidsbanken', 'Kunde', tidsbankenId, { Telefon: '+4722334466' });
    expect(about(await audit(), customerpId)).toMatchObject([{ finding: 'different' }]);
    const path = join(world.dir, 'workspace.yaml');
    const text = await readFile(path, 'utf8');
    const filter = '    filter: { tidsbanken: [{ property: phone, isNot: ["+4722334466"] }] }\n';
    await writeFile(path, text.replace('  customer-kunde:\n', `  customer-kunde:\n${filter}`));
    await world.reopen();
    expect(about(await audit(), customerpId)).toMatchObject([{ finding: 'notCompared' }]);
    await writeFile(path, text);
    await world.reopen();
  });

  describe('writes nothing', () => {
    it('neither to the systems nor to the store', async () => {
      const state = await stateOf();
      await audit();
      expect(await stateOf()).toEqual(state);
    });
  });

  describe('a side that cannot be read', () => {
    it('compares nothing, and says so', async () => {
      await world.faults('tidsbanken', [{ method: 'GET', fault: { kind: 'status', status: 403 } }]);
      const report = await audit();
      expect(report.ok).toBe(false);
      expect(report.flows.map((f) => f.problem?.side)).toEqual(FLOWS.map(() => 'tidsbanken'));
      expect(report.flows.map((f) => f.missing + f.different)).toEqual(FLOWS.map(() => 0));
    });
    afterAll(() => world.faults('tidsbanken', []));
  });
});

describe('doctor', () => {
  let world: AppOnSandbox;
  beforeAll(async () => {
    world = await AppOnSandbox.start({ customers: 5, employees: 3, projects: 3, overlap: 0.6, seed: 5 });
  });
  afterAll(() => world.stop());

  it('checks the store: whole, its journal unbroken, its backups made', async () => {
    expect((await world.app.doctor()).store).toEqual({
      ok: true,
      findings: ['integrity: ok', 'journal: unbroken', 'newest daily backup: none yet; the next run makes one'],
      problem: null,
    });
    await world.sync('none');
    expect((await world.app.doctor()).store.findings).toContain('newest daily backup: 0 hours old');
    expect(await readdir(join(world.dir, 'backups'))).toHaveLength(1);
  });
});
