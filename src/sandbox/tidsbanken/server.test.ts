import { describe, expect, it } from 'vitest';
import { arrayIn, listOf, sender, startSystems } from '../testing.ts';

const kunde = { Id: 'K-1', Navn: 'Måke & Sønn AS', Organisasjonsnummer: '310123404' };
const filtered = (path: string, filter: string): string => `${path}?$filter=${encodeURIComponent(filter)}`;

describe('the door of the API', () => {
  it.each([
    ['Ocp-Apim-Subscription-Key', '', 401, 'missing subscription key'],
    ['Ocp-Apim-Subscription-Key', 'x', 401, 'invalid subscription key'],
    ['tb-key', 'x', 401, 'tb-key'],
    ['x-api-version', '2.0', 400, 'x-api-version'],
  ])('%s "%s" is %i', async (name, value, status, message) => {
    const { tidsbanken } = startSystems();
    const headers: Record<string, string> = {
      'tb-key': 'demo-tb-key',
      'ocp-apim-subscription-key': 'demo-subscription-key',
      'x-api-version': '3.0',
    };
    if (value === '') delete headers[name.toLowerCase()];
    else headers[name.toLowerCase()] = value;
    const reply = await sender(tidsbanken, headers)('GET', '/ansatt/ansatt');
    expect(reply.status).toBe(status);
    expect(reply.text).toContain(message);
  });

  it('takes paths and names in any case', async () => {
    const { tb } = startSystems();
    const reply = await tb('GET', '/ANSATT/avDeling?$select=id,NAVN&$orderby=ID desc&$top=1');
    expect(listOf(reply)).toEqual([{ Id: '50', Navn: 'Verksted og lager' }]);
    expect(reply.body['@odata.context']).toBe('https://api-ansatte.tidsbanken.net/$metadata#Avdeling(Id,Navn)');
  });

  it('describes itself', async () => {
    const { tb } = startSystems();
    const reply = await tb('GET', '/prosjekt/$metadata');
    expect(reply.text).toContain('<Property Name="KundensBestillingsnummer" Type="Edm.String"/>');
    expect(reply.headers['content-type']).toContain('xml');
  });

  it('answers unknown paths like the gateway, and DELETE with 405', async () => {
    const { tb, tidsbanken } = startSystems();
    expect((await tb('GET', '/ansatt/finnesikke')).body).toMatchObject({ statusCode: 404 });
    expect((await tb('DELETE', "/prosjekt/Kunde('1')")).status).toBe(405);
    expect(tidsbanken.history.since(0)).toMatchObject([{ method: 'DELETE', kind: 'Kunde', id: '1', status: 405 }]);
  });
});

describe('quirks', () => {
  it('Q1: an insert refuses null, an update clears by it', async () => {
    const { tb } = startSystems();
    const refused = await tb('POST', '/prosjekt/Kunde', { ...kunde, Epost: null });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("'Epost'");
    expect((await tb('POST', '/prosjekt/Kunde', { ...kunde, Epost: 'a@b.example' })).status).toBe(201);
    const [cleared] = listOf(await tb('PUT', '/prosjekt/Kunde', [{ Id: 'K-1', Epost: null }]));
    expect(cleared).toMatchObject({ Navn: kunde.Navn, Epost: '' });
  });

  it('Q2: PUT wants an array, with the key inside', async () => {
    const { tb } = startSystems();
    await tb('POST', '/prosjekt/Kunde', kunde);
    expect((await tb('PUT', '/prosjekt/Kunde', { Id: 'K-1', Navn: 'x' })).status).toBe(400);
    expect((await tb('PUT', "/prosjekt/Kunde('K-1')", [{ Id: 'K-1', Navn: 'x' }])).status).toBe(404);
    expect((await tb('PUT', '/prosjekt/Kunde', [{ Navn: 'x' }])).status).toBe(400);
    expect((await tb('PUT', '/prosjekt/Kunde', [{ Id: 'K-1', Navn: 'x' }])).status).toBe(200);
  });

  it('Q3: POST shapes differ', async () => {
    const { tb } = startSystems();
    expect((await tb('POST', '/ansatt/Ansatte', { Id: 7, Fornavn: 'A' })).status).toBe(400);
    expect((await tb('POST', '/ansatt/Ansatt', [{ Id: 7, Fornavn: 'A' }])).status).toBe(404);
    const made = await tb('POST', '/ansatt/Ansatte', [{ Id: 7, Fornavn: 'A' }]);
    expect(listOf(made)).toMatchObject([{ Id: 7, Aktiv: true, ProsjektId: '0', Etternavn: '' }]);
    expect(made.text).toContain('"AntallFerieDager":25.0');
    expect((await tb('POST', '/prosjekt/Kunde', [kunde])).status).toBe(400);
  });

  it('Q4: natural keys must come along, a project is numbered by itself', async () => {
    const { tb } = startSystems();
    expect((await tb('POST', '/prosjekt/Kunde', { Navn: 'x' })).status).toBe(400);
    expect((await tb('POST', '/prosjekt/Prosjekt', { Navn: 'x' })).body).toMatchObject({ Id: '1', Navn: 'x' });
    expect((await tb('POST', '/prosjekt/Prosjekt', { Id: '2', Navn: 'y' })).status).toBe(201);
    expect((await tb('POST', '/prosjekt/Prosjekt', { Navn: 'z' })).body).toMatchObject({ Id: '3' });
    expect((await tb('POST', '/prosjekt/Prosjekt', { Id: '2', Navn: 'y' })).status).toBe(409);
  });

  it('Q5: PUT never inserts', async () => {
    const { tb, tidsbanken } = startSystems();
    expect((await tb('PUT', '/prosjekt/Kunde', [kunde])).status).toBe(404);
    tidsbanken.settings.setAll({ putMissing: 'create' });
    expect((await tb('PUT', '/prosjekt/Kunde', [kunde])).status).toBe(200);
  });

  it('Q6: PUT merges, or replaces when so switched', async () => {
    const { tb, tidsbanken } = startSystems();
    await tb('POST', '/prosjekt/Kunde', { ...kunde, Telefon: '1' });
    expect(listOf(await tb('PUT', '/prosjekt/Kunde', [{ Id: 'K-1', Mobil: '2' }]))[0]).toMatchObject({
      Telefon: '1',
      Mobil: '2',
    });
    tidsbanken.settings.setAll({ putMerges: false });
    expect(listOf(await tb('PUT', '/prosjekt/Kunde', [{ Id: 'K-1', Navn: 'n' }]))[0]).toMatchObject({
      Telefon: '',
      Mobil: '',
      Navn: 'n',
    });
  });

  it('Q7: Avdeling is patched by its key as a plain segment', async () => {
    const { tb } = startSystems();
    expect((await tb('PATCH', '/ansatt/Avdeling/20', { Navn: 'Ny' })).body).toMatchObject({ Id: '20', Navn: 'Ny' });
    expect((await tb('PATCH', '/ansatt/Avdeling/99', { Navn: 'Ny' })).status).toBe(404);
    expect((await tb('PUT', '/ansatt/Avdeling', [{ Id: '20', Navn: 'Ny' }])).status).toBe(404);
  });

  it('Q8, Q9: look-up in parentheses differs by entity', async () => {
    const { tb, tidsbanken } = startSystems();
    await tb('POST', '/prosjekt/Kunde', { ...kunde, Id: "O'Hara/1" });
    expect(listOf(await tb('GET', "/prosjekt/Kunde('O''Hara%2F1')?$select=*"))).toMatchObject([{ Id: "O'Hara/1" }]);
    expect((await tb('GET', "/prosjekt/Kunde('x')")).body).toMatchObject({ value: [] });
    expect((await tb('GET', "/prosjekt/Prosjekt('0')")).status).toBe(404);
    expect((await tb('GET', '/prosjekt/Prosjektlinje(90001)')).body).toMatchObject({ PostId: 90_001 });
    tidsbanken.settings.setAll({ kundeByKey: 'entity', prosjektByKey: 'entity' });
    expect((await tb('GET', "/prosjekt/Kunde('x')")).status).toBe(404);
    expect((await tb('GET', "/prosjekt/Prosjekt('0')")).body).toMatchObject({ Id: '0' });
    expect(listOf(await tb('GET', filtered('/prosjekt/Prosjekt', "Id eq 'none'")))).toEqual([]);
  });

  it('Q10: keys are typed and leading zeros count', async () => {
    const { tb } = startSystems();
    expect((await tb('GET', filtered('/ansatt/ansatt', "Id eq '100'"))).status).toBe(400);
    expect(listOf(await tb('GET', filtered('/ansatt/ansatt', 'Id eq 100')))).toHaveLength(1);
    expect((await tb('GET', filtered('/prosjekt/Kunde', 'Id eq 100'))).status).toBe(400);
    await tb('POST', '/prosjekt/Kunde', { ...kunde, Id: '007' });
    expect(listOf(await tb('GET', filtered('/prosjekt/Kunde', "Id eq '7'")))).toEqual([]);
    expect((await tb('POST', '/ansatt/Ansatte', [{ Id: 2_147_483_648 }])).status).toBe(400);
    expect((await tb('POST', '/ansatt/Ansatte', [{ Id: '8' }])).status).toBe(400);
  });

  it.each([
    ['winter', '2026-12-15T08:00:00.000Z', '2026-12-15T08:00:00+01:00'],
    ['summer', '2026-07-15T08:00:00.250Z', '2026-07-15T08:00:00.25+02:00'],
  ])(
    'Q11: in %s Kunde and Prosjekt stamp quirkily, Ansatt rightly, and an echoed stamp finds its row',
    async (_season, now, shown) => {
      const { tb, time } = startSystems();
      time.now = Date.parse(now);
      expect((await tb('POST', '/prosjekt/Kunde', kunde)).body['SistEndretDato']).toBe(shown);
      expect((await tb('POST', '/prosjekt/Prosjekt', { Navn: 'p' })).body['SistEndretDato']).toBe(shown);
      const [ansatt] = listOf(await tb('POST', '/ansatt/Ansatte', [{ Id: 9 }]));
      expect(Date.parse(String(ansatt?.['SistEndretDato']))).toBe(time.now);
      expect(listOf(await tb('GET', filtered('/prosjekt/Kunde', `SistEndretDato ge ${shown}`)))).toHaveLength(1);
      expect(listOf(await tb('GET', filtered('/prosjekt/Kunde', `SistEndretDato gt ${shown}`)))).toHaveLength(0);
    },
  );

  it('filterClock: an instant filter misses what its clock shows as earlier', async () => {
    const { tb, time, tidsbanken } = startSystems();
    await tb('POST', '/prosjekt/Kunde', kunde);
    const now = new Date(time.now).toISOString();
    const count = async (): Promise<number> =>
      listOf(await tb('GET', filtered('/prosjekt/Kunde', `SistEndretDato ge ${now}`))).length;
    expect(await count()).toBe(1);
    tidsbanken.settings.setAll({ filterClock: 'instant' });
    expect(await count()).toBe(0);
    tidsbanken.settings.setAll({ filterClock: 'true' });
    expect(await count()).toBe(1);
  });

  it('Q13: a project date sent with an offset lands on the day before', async () => {
    const { tb } = startSystems();
    const made = await tb('POST', '/prosjekt/Prosjekt', {
      Navn: 'p',
      StartDato: '2025-01-06T00:00:00+01:00',
      AvsluttetDato: '2025-07-01T00:00:00',
    });
    expect(made.body).toMatchObject({
      StartDato: '2025-01-05T23:00:00+01:00',
      AvsluttetDato: '2025-07-01T00:00:00+02:00',
    });
  });

  it('Q14: a plus sign that was not encoded is a syntax error', async () => {
    const { tb } = startSystems();
    expect((await tb('GET', '/prosjekt/Kunde?$filter=SistEndretDato%20gt%202025-01-20T09:30:00+01:00')).status).toBe(
      400,
    );
  });

  it('Q15: unset text is empty, an unset date null', async () => {
    const { tb, tidsbanken } = startSystems();
    const [made] = listOf(await tb('POST', '/ansatt/Ansatte', [{ Id: 5, Fodt: '1990-01-02' }]));
    expect(made).toMatchObject({ Epost: '', SluttetDato: null, Fodt: '1990-01-02T00:00:00Z' });
    tidsbanken.settings.setAll({ emptyText: 'null' });
    expect(listOf(await tb('GET', filtered('/ansatt/ansatt', 'Id eq 5')))[0]).toMatchObject({ Epost: null });
  });

  it('Q16: a row that was never stamped matches no gt', async () => {
    const { tb } = startSystems();
    await tb('PATCH', '/_sandbox/records/Ansatt/100', { SistEndretDato: null });
    const all = listOf(await tb('GET', '/ansatt/ansatt'));
    const stamped = listOf(await tb('GET', filtered('/ansatt/ansatt', 'SistEndretDato gt 1970-01-01')));
    expect(stamped).toHaveLength(all.length - 1);
  });

  it('Q22: system rows are there', async () => {
    const { tb } = startSystems();
    expect(listOf(await tb('GET', filtered('/ansatt/ansatt', 'Id eq 100')))[0]).toMatchObject({
      Fornavn: 'super',
      Etternavn: 'user',
    });
    expect(listOf(await tb('GET', filtered('/ansatt/avdeling', "Id eq '1'")))).toHaveLength(1);
    expect(listOf(await tb('GET', filtered('/prosjekt/prosjekt', "Id eq '0'")))).toHaveLength(1);
    expect(listOf(await tb('GET', '/ansatt/ansattgruppe')).map((group) => group['Id'])).toEqual([
      0, 2_147_400_000, 2_147_400_001,
    ]);
  });

  it('Q23: a link to the next page names the host inside', async () => {
    const { tb, tidsbanken } = startSystems();
    tidsbanken.settings.setAll({ maxPageSize: 10, nextLink: true });
    const page = await tb('GET', '/prosjekt/Kunde?$top=25');
    expect(listOf(page)).toHaveLength(10);
    expect(page.body['@odata.nextLink']).toContain('https://api-prosjekter.tidsbanken.net/Kunde?');
  });

  it('Q24: served and unknown properties are ignored, or refused when strict', async () => {
    const { tb, tidsbanken } = startSystems();
    const body = { ...kunde, SistEndretAvId: 5, Finnes: 'ikke' };
    expect((await tb('POST', '/prosjekt/Kunde', body)).body).toMatchObject({ SistEndretAvId: 100 });
    tidsbanken.settings.setAll({ unknownProperties: 'strict' });
    expect((await tb('PUT', '/prosjekt/Kunde', [body])).status).toBe(400);
  });

  it('Q26: references are by key, checked only when strict', async () => {
    const { tb, tidsbanken } = startSystems();
    expect((await tb('POST', '/prosjekt/Prosjekt', { Navn: 'p', KundeId: 'none' })).status).toBe(201);
    tidsbanken.settings.setAll({ danglingReferences: 'strict' });
    expect((await tb('POST', '/prosjekt/Prosjekt', { Navn: 'p', KundeId: 'none' })).status).toBe(400);
  });
});

describe('lists', () => {
  it('pages by $top and $skip to an empty page, and counts', async () => {
    const { tb, tidsbanken } = startSystems();
    const seen: unknown[] = [];
    for (let skip = 0; ; skip += 10) {
      const page = await tb('GET', `/prosjekt/Kunde?$select=Id&$top=10&$skip=${skip}&$count=true`);
      expect(page.body['@odata.count']).toBe(60);
      if (listOf(page).length === 0) break;
      seen.push(...listOf(page).map((row) => row['Id']));
    }
    expect(seen).toEqual([...tidsbanken.stores.Kunde.inOrder()].map((row) => row.key));
  });

  it('pages by key', async () => {
    const { tb } = startSystems();
    const first = listOf(await tb('GET', '/ansatt/ansatt?$orderby=Id&$top=5'));
    const next = listOf(
      await tb('GET', `${filtered('/ansatt/ansatt', `Id gt ${String(first.at(-1)?.['Id'])}`)}&$orderby=Id&$top=5`),
    );
    expect(next[0]).toEqual(listOf(await tb('GET', '/ansatt/ansatt?$skip=5&$top=1'))[0]);
  });

  it('expands the department', async () => {
    const { tb } = startSystems();
    const [row] = listOf(
      await tb(
        'GET',
        `${filtered('/ansatt/ansatt', "AvdelingId eq '20'")}&$top=1&$select=Id&$expand=avdeling($select=Navn)`,
      ),
    );
    expect(row).toMatchObject({ Avdeling: { Navn: 'Prosjekt Nord' } });
    expect((await tb('GET', '/ansatt/ansatt?$expand=kunde')).status).toBe(400);
  });

  it('finds changes by index as a full scan would', async () => {
    const { tb, tidsbanken } = startSystems();
    const since = '2025-10-01T00:00:00Z';
    const expected = [...tidsbanken.stores.Kunde.inOrder()]
      .filter((row) => (row.at ?? 0) >= Date.parse(since))
      .map((row) => row.key);
    const found = listOf(await tb('GET', filtered('/prosjekt/Kunde', `SistEndretDato ge ${since}`)));
    expect(found.map((row) => row['Id'])).toEqual(expected);
    expect(expected.length).toBeGreaterThan(5);
  });
});

describe('what section 7 leaves open', () => {
  it.each([
    ['insertStatus', 204, 204],
    ['insertStatus', 200, 200],
    ['insertNull', 'accept', 201],
  ])('%s = %s', async (name, value, status) => {
    const { tb, tidsbanken } = startSystems();
    tidsbanken.settings.setAll({ [name]: value });
    const reply = await tb('POST', '/prosjekt/Kunde', name === 'insertNull' ? { ...kunde, Epost: null } : kunde);
    expect(reply.status).toBe(status);
    expect(reply.text === '').toBe(status === 204);
  });

  it('types: strict refuses text for a number, lenient converts', async () => {
    const { tb, tidsbanken } = startSystems();
    expect((await tb('POST', '/ansatt/Ansatte', [{ Id: 5, Stillingsprosent: '80' }])).status).toBe(400);
    expect((await tb('POST', '/ansatt/Ansatte', [{ Id: 5, Stillingsprosent: 80.5 }])).status).toBe(400);
    tidsbanken.settings.setAll({ types: 'lenient' });
    expect(listOf(await tb('POST', '/ansatt/Ansatte', [{ Id: 5, Stillingsprosent: '80' }]))[0]).toMatchObject({
      Stillingsprosent: 80,
    });
  });

  it('an array is all or nothing', async () => {
    const { tb, tidsbanken } = startSystems();
    const before = tidsbanken.stores.Ansatt.size;
    expect((await tb('POST', '/ansatt/Ansatte', [{ Id: 5 }, { Id: 100 }])).status).toBe(409);
    expect(tidsbanken.stores.Ansatt.size).toBe(before);
    tidsbanken.settings.setAll({ bulk: false });
    expect((await tb('POST', '/ansatt/Ansatte', [{ Id: 5 }, { Id: 6 }])).status).toBe(400);
  });

  it('a limited text is refused or cut', async () => {
    const { tb, tidsbanken } = startSystems();
    tidsbanken.settings.setAll({ textLimit: 5 });
    expect((await tb('POST', '/prosjekt/Kunde', kunde)).status).toBe(400);
    tidsbanken.settings.setAll({ textLimitAction: 'truncate' });
    expect((await tb('POST', '/prosjekt/Kunde', kunde)).body).toMatchObject({ Navn: 'Måke ' });
  });

  it('throttles after a burst', async () => {
    const { tb, tidsbanken } = startSystems();
    tidsbanken.settings.setAll({ rateBurst: 2, ratePerSecond: 0.001 });
    const statuses = [
      await tb('GET', '/ansatt/ansatt'),
      await tb('GET', '/ansatt/ansatt'),
      await tb('GET', '/ansatt/ansatt'),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(statuses[2]?.headers['retry-after'])).toBeGreaterThan(0);
    expect(tidsbanken.counts.report()).toMatchObject({ total: 3, refused: 1 });
  });

  it('switches are refused whole when one of them is wrong', async () => {
    const { tb, tidsbanken } = startSystems();
    expect((await tb('POST', '/_sandbox/switches', { putMerges: false, insertStatus: 418 })).status).toBe(400);
    expect(tidsbanken.switches.putMerges).toBe(true);
    expect((await tb('POST', '/_sandbox/switches', { nosuch: 1 })).status).toBe(400);
    expect(arrayIn(await tb('GET', '/_sandbox/faults'))).toEqual([]);
  });
});
