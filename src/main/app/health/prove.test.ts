import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { SandboxOptions } from '../../../sandbox/index.ts';
import type { Proof } from './proof.ts';
import type { Proofs } from './prove.ts';
import { ALIKE, AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';
import type { Row } from '../testing/app-on-sandbox.suite.ts';

/** 2.4 on the real app, the real store and the sandbox over HTTP. */

const SLOW = 60_000;

let world: AppOnSandbox;
afterEach(() => world.stop());

async function ready(options: Partial<SandboxOptions> = {}): Promise<{ customerpId: string; tidsbankenId: string }> {
  world = await AppOnSandbox.start({ ...ALIKE, ...options });
  await world.sync('all');
  const [pair] = await world.linkedCustomers(1);
  if (pair === undefined) throw new Error('No customer is in step.');
  return pair;
}

async function prove(nativeId: string, confirmed: string | null = null): Promise<Proofs> {
  const proven = await world.app.prove({ record: { flow: 'customer-kunde', nativeId }, confirmed });
  if (!proven.ok) throw new Error(proven.failure.what);
  return proven.value;
}

const lineOf = ({ proofs }: Proofs, side: Proof['side'], capability: Proof['capability']): Proof | undefined =>
  proofs.find((proof) => proof.side === side && proof.capability === capability);

/** But for what the system moves with every write. */
const content = ({ SistEndretDato: _changed, ...row }: Row): Row => row;

describe('doctor --prove', { timeout: SLOW }, () => {
  it('reads only, and finds what the presets say', async () => {
    const { customerpId } = await ready();
    const before = (await world.history('tidsbanken')).length + (await world.history('customerp')).length;
    const proven = await prove(customerpId);
    expect(proven.run).toBeNull();
    expect(proven.proofs.filter(({ verdict }) => verdict === 'otherwise')).toEqual([]);
    for (const side of ['customerp', 'tidsbanken'] as const)
      for (const capability of ['pointRead', 'filterByKey', 'stableOrder', 'delta'] as const)
        expect(lineOf(proven, side, capability)?.verdict).toBe('asSaid');
    expect(lineOf(proven, 'tidsbanken', 'putMerges')).toMatchObject({ says: 'unknown', verdict: 'notTried' });
    expect((await world.history('tidsbanken')).length + (await world.history('customerp')).length).toBe(before);
  });

  it.each([
    { system: 'merges', switches: {}, setting: 'true' },
    { system: 'replaces', switches: { 'tidsbanken.putMerges': 'false' }, setting: 'false' },
  ])('a PUT that $system: the setting that says so, and the record is as it was', async ({ switches, setting }) => {
    const { customerpId, tidsbankenId } = await ready({ switches });
    // No row of the mapping knows this field.
    await world.edit('tidsbanken', 'Kunde', tidsbankenId, { Kontaktperson: 'Prøve Person' });
    const before = await world.record('tidsbanken', 'Kunde', tidsbankenId);
    expect(before['Kontaktperson']).toBe('Prøve Person');
    const theirs = await world.record('customerp', 'customers', customerpId);
    const proven = await prove(tidsbankenId, tidsbankenId);
    expect(proven.run?.problems).toEqual([]);
    expect(lineOf(proven, 'tidsbanken', 'putMerges')).toMatchObject({
      verdict: 'otherwise',
      setting: `systems.tidsbanken.capabilities.customer.putMerges: ${setting}`,
    });
    expect(lineOf(proven, 'customerp', 'putMerges')).toMatchObject({ verdict: 'asSaid', setting: null });
    expect(content(await world.record('tidsbanken', 'Kunde', tidsbankenId))).toEqual(content(before));
    expect(await world.record('customerp', 'customers', customerpId)).toMatchObject({ name: theirs['name'] });
    expect((await world.app.doctor()).unfinished).toEqual([]);
    const writes = (await world.writes('tidsbanken')).length;
    await world.sync('all', { full: true });
    expect((await world.writes('tidsbanken')).length).toBe(writes);
  });

  it.each(['', '999'])('nothing is written where the id typed the second time is %j', async (confirmed) => {
    const { customerpId } = await ready();
    const writes = (await world.writes('tidsbanken')).length;
    const refused = await world.app.prove({ record: { flow: 'customer-kunde', nativeId: customerpId }, confirmed });
    expect(refused).toMatchObject({ ok: false, failure: { facts: { why: 'notConfirmed' } } });
    expect((await world.writes('tidsbanken')).length).toBe(writes);
  });

  it('nobody is named, nothing is asked', async () => {
    await ready();
    const refused = await world.app.prove({ record: { flow: 'customer-kunde', nativeId: 'nobody' }, confirmed: null });
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'notFound' } });
  });

  it('a system that was seen to merge, and set so, is written to by the touched fields alone', async () => {
    const { customerpId, tidsbankenId } = await ready();
    const file = join(world.dir, 'workspace.yaml');
    const config = parse(await readFile(file, 'utf8')) as { systems: { tidsbanken: Row } };
    config.systems.tidsbanken['capabilities'] = { customer: { putMerges: true } };
    await writeFile(file, stringify(config));
    await world.reopen();
    const proven = await prove(customerpId, customerpId);
    expect(lineOf(proven, 'tidsbanken', 'putMerges')).toMatchObject({ says: 'true', verdict: 'asSaid', setting: null });
    expect(tidsbankenId).not.toBe('');
  });
});
