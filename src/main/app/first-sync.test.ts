import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../shared/contract/views.ts';
import { FLOWS, SIDES } from '../../shared/domain.ts';
import { AppOnSandbox } from './testing/app-on-sandbox.suite.ts';
import type { Row } from './testing/app-on-sandbox.suite.ts';

/** Fields that Tidsbro may change, by kind: those of the default mapping, keys at creation, and the marker. */
const MAPPED: Record<string, readonly string[]> = {
  Kunde:
    'Id Navn Organisasjonsnummer Gateadresse Postadresse Postnr Poststed Leveringsadresse Leveringsadresse2 LevPostNr LevPoststed Telefon Mobil Epost Url'.split(
      ' ',
    ),
  Ansatt:
    'Id Fornavn Etternavn Adresse Postnummer Poststed TlfPrivat Mobil Epost Tittel AnsattDato Sluttet SluttetDato AvdelingId Aktiv ProsjektId Stillingsprosent'.split(
      ' ',
    ),
  Prosjekt:
    'Id Navn InterntProsjekt AvdelingId AnsvarligId KundeId BestillingsDato Startet StartDato Avsluttet AvsluttetDato KundensBestillingsnummer'.split(
      ' ',
    ),
  customers: 'name organizationNumber address deliveryAddress phone mobile email website'.split(' '),
  employees:
    'firstName lastName email mobile homePhone address jobTitle departmentId defaultProjectId hireDate terminationDate terminated active employmentPercentage'.split(
      ' ',
    ),
  projects:
    'name customerId departmentId managerId startDate started endDate closed internal orderDate customerOrderNumber'.split(
      ' ',
    ),
};
const KEPT_BY_SYSTEM = new Set('SistEndretDato SistEndretAvId updatedAt version'.split(' '));

const changedFields = (before: Row, after: Row): string[] =>
  Object.keys({ ...before, ...after }).filter(
    (name) => !KEPT_BY_SYSTEM.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );

describe('the first sync with everything approved', () => {
  let world: AppOnSandbox;
  let first: RunView;
  let second: RunView;
  let writesAfterFirst: number;

  beforeAll(async () => {
    world = await AppOnSandbox.start({ customers: 200, employees: 80, projects: 120, overlap: 0.6, seed: 7 });
    first = await world.sync('all');
    writesAfterFirst = (await world.writes('tidsbanken')).length + (await world.writes('customerp')).length;
    second = await world.sync('all');
  }, 120_000);
  afterAll(() => world.stop());

  it('ends without a failure', () => {
    expect(first).toMatchObject({ state: 'done', mode: 'manual', problems: [] });
  });

  it.each(FLOWS)('I5: counts every record of %s that was read exactly once', (flow) => {
    for (const run of [first, second]) {
      const c = run.flows[flow];
      if (c === undefined) throw new Error(`${flow} was not counted`);
      expect(c.inStep + c.proposed + c.mismatches + c.skipped + c.failed).toBe(c.read.customerp + c.read.tidsbanken);
    }
  });

  it('leaves every Customerp record linked, or shown with a reason', async () => {
    const { rows, total } = await world.app.records({ side: 'customerp' }, { offset: 0, limit: 500 });
    expect(total).toBe(rows.length);
    const unaccounted = rows.filter(
      (r) => r.linkId === null && !(r.bucket === 'mismatch' || r.bucket === 'skipped') && r.reason === null,
    );
    expect(unaccounted).toEqual([]);
    expect(rows.filter((r) => r.linkId === null && r.bucket === 'proposed')).toEqual([]);
  });

  it('creates what was only in Customerp, and nothing in Customerp', () => {
    const created = FLOWS.map((flow) => first.flows[flow]?.created);
    expect(created.reduce((n, c) => n + (c?.tidsbanken ?? 0), 0)).toBeGreaterThan(100);
    expect(created.every((c) => c?.customerp === 0)).toBe(true);
  });

  it('I4: the second sync sends no write', async () => {
    const writes = (await world.writes('tidsbanken')).length + (await world.writes('customerp')).length;
    expect(writes).toBe(writesAfterFirst);
    expect(second.state).toBe('done');
  });

  it('I3: creates no duplicate', async () => {
    for (const [kind, key] of [
      ['Kunde', 'Id'],
      ['Ansatt', 'Id'],
      ['Prosjekt', 'Id'],
    ] as const) {
      const ids = (await world.records('tidsbanken', kind)).map((r) => String(r[key]));
      expect(new Set(ids).size).toBe(ids.length);
    }
    const creates = (await world.writes('tidsbanken')).filter((w) => w.before === null);
    expect(new Set(creates.map((w) => `${String(w.kind)}:${String(w.id)}`)).size).toBe(creates.length);
  });

  it('I12: sends no delete', async () => {
    for (const side of SIDES) expect((await world.history(side)).filter((w) => w.method === 'DELETE')).toEqual([]);
  });

  it('C4: never writes a record of the system itself', async () => {
    const touched = (await world.history('tidsbanken')).filter(
      (w) =>
        (w.kind === 'Ansatt' && String(w.id) === '100') ||
        (w.kind === 'Prosjekt' && String(w.id) === '0') ||
        w.kind === 'Avdeling',
    );
    expect(touched).toEqual([]);
  });

  it('I6: changes no field outside the mapping', async () => {
    for (const side of SIDES) {
      for (const { kind, before, after } of await world.writes(side)) {
        if (before === null || after === null) continue;
        const strangers = changedFields(before, after).filter((name) => !(MAPPED[kind ?? ''] ?? []).includes(name));
        expect(strangers, `${String(kind)} ${JSON.stringify(before['Id'] ?? before['id'])}`).toEqual([]);
      }
    }
  });

  it('I19: journals no value of a sensitive property', async () => {
    const { rows } = await world.app.journal({}, { offset: 0, limit: 10_000 });
    const text = JSON.stringify(rows);
    const ids = (await world.records('customerp', 'employees'))
      .flatMap((r) => [r['nationalId'], r['bankAccount']])
      .filter((v): v is string => typeof v === 'string' && v.length > 5);
    expect(ids.filter((id) => text.includes(id))).toEqual([]);
  });
});
