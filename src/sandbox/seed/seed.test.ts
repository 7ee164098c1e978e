import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isObject } from '../json.ts';
import { SEED, startSystems, type Systems } from '../testing.ts';
import type { Data, Store } from '../store.ts';
import type { Kind } from './cast.ts';
import { isOrgNo, orgNo } from './identifiers.ts';
import { DIRT, pairsOf, stainsOf, type Pair, type SeedOptions } from './index.ts';

const BIG: SeedOptions = { ...SEED, customers: 600, employees: 400, projects: 500 };

function digest({ customerp, tidsbanken }: Systems): string {
  const hash = createHash('sha256');
  for (const store of [...Object.values(customerp.stores), ...Object.values(tidsbanken.stores)]) {
    for (const { data } of store.inOrder()) hash.update(JSON.stringify(data));
  }
  return hash.digest('hex');
}

const dataIn = (store: Store): Data[] => [...store.all()].map(({ data }) => data);

// What "equal" means here is written anew, not taken from the product that the sandbox tests.
const plain = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .normalize('NFC')
        .replaceAll(/[\u200B\u2060\uFEFF]/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim()
    : '';
const phone = (value: unknown): string => {
  const digits = plain(value)
    .replaceAll(/[^\d+]/g, '')
    .replace(/^00/, '+');
  return digits.length === 8 ? `+47${digits}` : digits;
};
const email = (value: unknown): string => plain(value).toLowerCase();
const digits = (value: unknown): string => plain(value).replaceAll(/\D/g, '');
const postcode = (value: unknown): string => (plain(value) === '' ? '' : plain(value).padStart(4, '0'));
const raw = (value: unknown): string => JSON.stringify(value ?? null);
const date = (value: unknown): string => {
  const text = plain(value);
  if (text.length === 10 || text.endsWith('T00:00:00')) return text.slice(0, 10);
  return text === '' ? '' : new Date(Date.parse(`${text}Z`) + 2 * 3_600_000).toISOString().slice(0, 10);
};

type Canon = (value: unknown) => string;
type Column = readonly [customerp: string, tidsbanken: string, canon: Canon];

const COLUMNS: Readonly<Record<Kind, readonly Column[]>> = {
  customer: [
    ['name', 'Navn', plain],
    ['organizationNumber', 'Organisasjonsnummer', digits],
    ['address.line1', 'Gateadresse', plain],
    ['address.line2', 'Postadresse', plain],
    ['address.postalCode', 'Postnr', postcode],
    ['address.city', 'Poststed', plain],
    ['deliveryAddress.line1', 'Leveringsadresse', plain],
    ['deliveryAddress.line2', 'Leveringsadresse2', plain],
    ['deliveryAddress.postalCode', 'LevPostNr', postcode],
    ['deliveryAddress.city', 'LevPoststed', plain],
    ['phone', 'Telefon', phone],
    ['mobile', 'Mobil', phone],
    ['email', 'Epost', email],
    ['website', 'Url', plain],
  ],
  employee: [
    ['firstName', 'Fornavn', plain],
    ['lastName', 'Etternavn', plain],
    ['email', 'Epost', email],
    ['mobile', 'Mobil', phone],
    ['homePhone', 'TlfPrivat', phone],
    ['address.line1', 'Adresse', plain],
    ['address.postalCode', 'Postnummer', postcode],
    ['address.city', 'Poststed', plain],
    ['birthDate', 'Fodt', date],
    ['nationalId', 'Personnummer', plain],
    ['bankAccount', 'Lonnskonto', plain],
    ['jobTitle', 'Tittel', plain],
    ['hireDate', 'AnsattDato', date],
    ['terminationDate', 'SluttetDato', date],
    ['terminated', 'Sluttet', raw],
    ['active', 'Aktiv', raw],
    ['employmentPercentage', 'Stillingsprosent', raw],
  ],
  project: [
    ['name', 'Navn', plain],
    ['startDate', 'StartDato', date],
    ['started', 'Startet', raw],
    ['endDate', 'AvsluttetDato', date],
    ['closed', 'Avsluttet', raw],
    ['internal', 'InterntProsjekt', raw],
    ['orderDate', 'BestillingsDato', date],
    ['customerOrderNumber', 'KundensBestillingsnummer', plain],
  ],
};

const REFERENCES: Readonly<Record<Kind, readonly (readonly [string, string, Kind | 'department'])[]>> = {
  customer: [],
  employee: [
    ['departmentId', 'AvdelingId', 'department'],
    ['defaultProjectId', 'ProsjektId', 'project'],
  ],
  project: [
    ['customerId', 'KundeId', 'customer'],
    ['departmentId', 'AvdelingId', 'department'],
    ['managerId', 'AnsvarligId', 'employee'],
  ],
};

function at(data: Data, path: string): unknown {
  const [outer = '', inner] = path.split('.');
  const value = data[outer];
  return inner === undefined ? value : isObject(value) ? value[inner] : undefined;
}

/** The names of the properties in which a pair is not equal. */
function differences({ customerp, tidsbanken }: Systems, pair: Pair, partners: ReadonlyMap<string, string>): string[] {
  const names = {
    customer: ['customers', 'Kunde'],
    employee: ['employees', 'Ansatt'],
    project: ['projects', 'Prosjekt'],
  } as const;
  const [collection, entity] = names[pair.kind];
  const erp = customerp.stores[collection].get(pair.customerp)?.data ?? {};
  const tb = tidsbanken.stores[entity].get(pair.tidsbanken)?.data ?? {};
  const values = COLUMNS[pair.kind].filter(([left, right, canon]) => canon(at(erp, left)) !== canon(tb[right]));
  const links = REFERENCES[pair.kind].filter(([left, right, kind]) => {
    const there =
      tb[right] === null || tb[right] === '' || (kind === 'project' && tb[right] === '0') ? undefined : raw(tb[right]);
    const here = erp[left];
    const number = kind === 'department' ? customerp.stores.departments.get(String(here))?.data['number'] : undefined;
    const expected =
      typeof here !== 'string'
        ? undefined
        : kind === 'department'
          ? raw(number)
          : (partners.get(`${kind} ${here}`) ?? 'no partner');
    return expected !== there;
  });
  return [...values.map(([left]) => left), ...links.map(([left]) => left)];
}

function partnersOf(options: SeedOptions): Map<string, string> {
  return new Map([...pairsOf(options)].map((pair) => [`${pair.kind} ${pair.customerp}`, raw(pair.tidsbanken)]));
}

describe('determinism', () => {
  it('one seed gives one world, another seed another', () => {
    expect(digest(startSystems())).toBe(digest(startSystems()));
    expect(digest(startSystems({ seed: 2 }))).not.toBe(digest(startSystems()));
    expect(digest(startSystems({ now: SEED.now + 3_600_000 }))).toBe(digest(startSystems()));
  });
});

describe('pairs', () => {
  it('are as many as asked for, and differ as often as asked for', () => {
    const pairs = [...pairsOf(BIG)].filter(({ kind }) => kind === 'customer');
    expect(pairs).toHaveLength(360);
    expect(pairs.filter(({ differs }) => differs)).toHaveLength(36);
  });

  it('that do not differ are equal in every paired property; the others in all but one to three', () => {
    const systems = startSystems(BIG);
    const partners = partnersOf(BIG);
    const found = [...pairsOf(BIG)].map((pair) => ({ pair, names: differences(systems, pair, partners) }));
    expect(found.filter(({ pair, names }) => !pair.differs && names.length > 0)).toEqual([]);
    const counts = found.filter(({ pair }) => pair.differs).map(({ names }) => names.length);
    expect(new Set(counts)).toEqual(new Set([1, 2, 3]));
  });

  it('that are equal are still spelled differently here and there', () => {
    const { customerp, tidsbanken } = startSystems(BIG);
    const spelled = [...pairsOf(BIG)].filter(({ kind, differs, customerp: id, tidsbanken: key }) => {
      if (kind !== 'customer' || differs) return false;
      return (
        (customerp.stores.customers.get(id)?.data['phone'] ?? '') !== tidsbanken.stores.Kunde.get(key)?.data['Telefon']
      );
    });
    expect(spelled.length).toBeGreaterThan(100);
  });

  it('share their strong keys in the three ways', () => {
    const customers = [...pairsOf(BIG)].filter(({ kind }) => kind === 'customer');
    const { customerp, tidsbanken } = startSystems(BIG);
    const ways = customers.map(({ customerp: id, tidsbanken: key }) => {
      const sameNumber = customerp.stores.customers.get(id)?.data['number'] === key;
      return `${sameNumber ? 'number' : ''}${tidsbanken.stores.Kunde.get(key)?.data['Organisasjonsnummer'] === '' ? '' : 'orgNo'}`;
    });
    expect(ways.filter((way) => way === 'orgNo')).toHaveLength(54);
    expect(ways.filter((way) => way === 'number')).toHaveLength(18);
  });
});

describe('without dirt', () => {
  const { customerp, tidsbanken } = startSystems(BIG);
  const partners = partnersOf(BIG);

  it('records on one side only share no key, name or address with the other side', () => {
    const lonely = dataIn(customerp.stores.customers).filter((data) => !partners.has(`customer ${String(data['id'])}`));
    const taken = new Set(
      dataIn(tidsbanken.stores.Kunde).flatMap((kunde) => [
        raw(kunde['Id']),
        plain(kunde['Navn']),
        digits(kunde['Organisasjonsnummer']) || 'none',
        email(kunde['Epost']) || 'none',
      ]),
    );
    expect(lonely).toHaveLength(240);
    const meeting = lonely.filter((data) =>
      [raw(data['number']), plain(data['name']), digits(data['organizationNumber']), email(data['email'])].some((key) =>
        taken.has(key),
      ),
    );
    expect(meeting).toEqual([]);
  });

  it('no two companies share a name, however many there are', () => {
    const { customerp: many } = startSystems({ ...BIG, customers: 6_000, employees: 0, projects: 0 });
    const names = dataIn(many.stores.customers).map(({ name }) => plain(name));
    expect(new Set(names).size).toBe(names.length);
  });

  it('organisation numbers are valid and nobody shares one', () => {
    for (const numbers of [
      dataIn(customerp.stores.customers).map((d) => digits(d['organizationNumber'])),
      dataIn(tidsbanken.stores.Kunde).map((d) => digits(d['Organisasjonsnummer'])),
    ]) {
      const given = numbers.filter((number) => number !== '');
      expect(given.every(isOrgNo)).toBe(true);
      expect(new Set(given).size).toBe(given.length);
    }
  });

  it('employee numbers fit Tidsbanken and spare the super user', () => {
    const numbers = dataIn(customerp.stores.employees).map((data) => Number(data['number']));
    expect(
      numbers.every((number) => Number.isInteger(number) && number > 0 && number < 2 ** 31 && number !== 100),
    ).toBe(true);
  });

  it('every reference leads somewhere, on both sides', () => {
    const broken = [
      ...dataIn(customerp.stores.projects).filter(
        (p) => p['customerId'] !== null && customerp.stores.customers.get(plain(p['customerId'])) === undefined,
      ),
      ...dataIn(customerp.stores.employees).filter(
        (e) =>
          e['defaultProjectId'] !== null && customerp.stores.projects.get(plain(e['defaultProjectId'])) === undefined,
      ),
      ...dataIn(tidsbanken.stores.Prosjekt).filter(
        (p) => p['KundeId'] !== '' && tidsbanken.stores.Kunde.get(String(p['KundeId'])) === undefined,
      ),
      ...dataIn(tidsbanken.stores.Prosjekt).filter(
        (p) => p['AnsvarligId'] !== null && tidsbanken.stores.Ansatt.get(Number(p['AnsvarligId'])) === undefined,
      ),
      ...dataIn(tidsbanken.stores.Ansatt).filter(
        (a) => tidsbanken.stores.Avdeling.get(String(a['AvdelingId'])) === undefined && a['AvdelingId'] !== '',
      ),
    ];
    expect(broken).toEqual([]);
  });

  it('nothing was changed in the last two days', () => {
    const newest = Math.max(
      ...[customerp.stores.customers, tidsbanken.stores.Kunde, tidsbanken.stores.Ansatt].flatMap((store) =>
        [...store.all()].map((row) => row.at ?? 0),
      ),
    );
    expect(SEED.now - newest).toBeGreaterThanOrEqual(2 * 86_400_000);
  });
});

describe('dirt', () => {
  const options = { ...BIG, dirt: 0.2 };

  it('comes in every kind that is listed', () => {
    expect(new Set([...stainsOf(options)].map(({ name }) => name))).toEqual(new Set(Object.keys(DIRT)));
    expect([...stainsOf(BIG)]).toEqual([]);
  });

  it('leaves the clean pairs equal', () => {
    const systems = startSystems(options);
    const partners = partnersOf(options);
    const clean = [...pairsOf(options)].filter(({ differs, dirt }) => !differs && dirt === null);
    expect(clean.length).toBeGreaterThan(300);
    for (const pair of clean)
      expect({ pair, found: differences(systems, pair, partners) }).toEqual({ pair, found: [] });
  });

  it('shows in the data', () => {
    const { customerp, tidsbanken } = startSystems(options);
    const employees = dataIn(customerp.stores.employees);
    expect(employees.some((data) => String(data['number']).startsWith('A'))).toBe(true);
    expect(employees.some((data) => data['hireDate'] === '2023-02-30')).toBe(true);
    const kunder = dataIn(tidsbanken.stores.Kunde);
    expect(kunder.some((data) => String(data['Navn']).includes('\u200B'))).toBe(true);
    expect(kunder.some((data) => String(data['Navn']).length > 100)).toBe(true);
    const numbers = kunder.map((data) => digits(data['Organisasjonsnummer'])).filter((number) => number !== '');
    expect(new Set(numbers).size).toBeLessThan(numbers.length);
  });
});

it.each([0, 1, 3])('a world of %i records a side stands', (count) => {
  const { customerp, tidsbanken } = startSystems({
    customers: count,
    employees: count,
    projects: count,
    dirt: 0.5,
    differ: 1,
  });
  expect(customerp.stores.customers.size).toBe(count);
  expect(tidsbanken.stores.Ansatt.size).toBe(count + 1);
});

it('organisation numbers of many never meet', () => {
  expect(new Set(Array.from({ length: 50_000 }, (_, n) => orgNo(n, 3))).size).toBe(50_000);
});
