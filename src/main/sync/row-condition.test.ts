import { afterEach, describe, expect, it } from 'vitest';
import type { FlowMapping, RowCondition } from '../mapping/mapping.ts';
import { ansatt, employee } from './testing/records.ts';
import { Fakes, SAFE } from './testing/run-on-fakes.ts';

/** N1: a row that holds for some records only is unobserved on all others: no drift, no write, no base. */

const where =
  (when: RowCondition) =>
  (flow: FlowMapping): FlowMapping => ({
    ...flow,
    properties: flow.properties.map((p) => (p.name === 'jobTitle' ? { ...p, when } : p)),
  });
const PERMANENT = where({ customerp: { type: ['permanent', 'trainee'] } });
const WITH_TEMPLATE = where({ tidsbanken: { MalId: ['7'] } });

let fakes = new Fakes();
afterEach(() => fakes.close());

async function pair(mapping: typeof PERMANENT, values: object, there: object = {}): Promise<string> {
  fakes.close();
  fakes = new Fakes({ mapping });
  fakes.tidsbanken.put('employee', ansatt(1001, { Tittel: 'Clerk', ...there }));
  const id = fakes.customerp.put('employee', employee('1001', { jobTitle: 'Clerk', ...values }));
  await fakes.run();
  return id;
}
const tittel = () => fakes.tidsbanken.raw('employee', '1001')['Tittel'];

describe('a row that holds for some records only', () => {
  it('N1 goes as any other where its record fits, by each of the values', async () => {
    const id = await pair(PERMANENT, { type: 'trainee' });
    fakes.customerp.edit('employee', id, { jobTitle: 'Boss' });
    await fakes.run(SAFE);
    expect(tittel()).toBe('Boss');
  });

  it('N1 writes nothing either way where it does not, and asks nobody', async () => {
    const id = await pair(PERMANENT, { type: 'hired' });
    fakes.customerp.edit('employee', id, { jobTitle: 'Boss' });
    fakes.tidsbanken.edit('employee', '1001', { Tittel: 'Smith' });
    await fakes.run();
    expect(fakes.customerp.ourDeeds).toEqual([]);
    expect(fakes.tidsbanken.ourDeeds).toEqual([]);
    expect(await fakes.mismatches()).toEqual([]);
  });

  it('I7 a record that begins to fit is judged by what was agreed before, one that never fitted as new', async () => {
    const id = await pair(PERMANENT, { type: 'permanent' });
    fakes.customerp.edit('employee', id, { type: 'hired', jobTitle: 'Boss' });
    await fakes.run();
    expect(tittel()).toBe('Clerk');
    fakes.customerp.edit('employee', id, { type: 'permanent' });
    await fakes.run(SAFE);
    expect(tittel()).toBe('Boss');
  });

  it('a new record does not get it on a guess: it follows once the record was read there', async () => {
    fakes.close();
    fakes = new Fakes({ mapping: WITH_TEMPLATE });
    fakes.customerp.put('employee', employee('1001', { jobTitle: 'Clerk' }));
    await fakes.run();
    expect(tittel() ?? '').toBe('');
    fakes.tidsbanken.edit('employee', '1001', { MalId: 7 });
    await fakes.run();
    expect(tittel()).toBe('Clerk');
  });

  it('C6 records that stop fitting are no field that was withdrawn', async () => {
    fakes.close();
    fakes = new Fakes({ mapping: PERMANENT });
    const ids = Array.from({ length: 12 }, (_, i) =>
      fakes.customerp.put('employee', employee(String(2001 + i), { jobTitle: 'Clerk', type: 'permanent' })),
    );
    await fakes.run();
    for (const id of ids) fakes.customerp.edit('employee', id, { type: 'hired' });
    await fakes.run();
    expect(await fakes.mismatchKinds()).not.toContain('shapeChanged');
  });
});
