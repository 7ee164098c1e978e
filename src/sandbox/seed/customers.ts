import { certain } from '../certain.ts';
import type { Data, Row } from '../store.ts';
import type { Cast } from './cast.ts';
import type { World } from './world.ts';
import type { Chance } from './chance.ts';
import { makeDiffer, oneDigitOn, type Changes, type Sides } from './differ.ts';
import { customerId, customerNumber, kundeId, sharedKeys } from './numbers.ts';
import { landline, mobileNumber, orgNo } from './identifiers.ts';
import { spellEmail, spellOrgNo, spellPhone, spellPostcode, spellText } from './spelling.ts';
import { dayOf, iso, pastTimes } from './times.ts';
import { COMPANY_WORDS, FIRST_NAMES, LAST_NAMES, PLACES, slug, STREETS, TRADES } from './words.ts';

interface Customer {
  name: string;
  line1: string | null;
  line2: string | null;
  postalCode: string | null;
  city: string | null;
  deliveryLine1: string | null;
  deliveryLine2: string | null;
  deliveryPostalCode: string | null;
  deliveryCity: string | null;
  phone: string | null;
  mobile: string | null;
  email: string | null;
  website: string | null;
}

const changes: Changes<Customer> = {
  name: (value) => value.replace(/ AS$/, ' Norge AS').replace(/^([^ ]+)$/, '$1 Norge'),
  line1: (value) => `${value} B`,
  line2: (value) => `${value}, 2. etg.`,
  postalCode: oneDigitOn,
  city: (value) => `${value} S`,
  deliveryLine1: (value) => `${value} C`,
  deliveryCity: (value) => `${value} N`,
  phone: oneDigitOn,
  mobile: oneDigitOn,
  email: (value) => value.replace('@', '.ny@'),
  website: (value) => `${value}/om-oss`,
};
const MAY_BE_EMPTY = new Set<keyof Customer>(['line2', 'phone', 'mobile', 'email', 'website']);

/** A town once, however many postcodes it has. */
const TOWNS: readonly string[] = [...new Set(PLACES.map(({ town }) => titleCase(town)))];

/** Each company has a name of its own: a second one of the same sort is told apart by its town. */
function companyName(chance: Chance, rank: number): { name: string; domain: string } {
  const sorts = COMPANY_WORDS.length * TRADES.length;
  const word = certain(COMPANY_WORDS[rank % COMPANY_WORDS.length]);
  const trade = certain(TRADES[Math.floor(rank / COMPANY_WORDS.length) % TRADES.length]);
  const block = Math.floor(rank / sorts);
  const town = block === 0 ? '' : ` ${certain(TOWNS[(block - 1) % TOWNS.length])}`;
  const further = block > TOWNS.length ? ` ${Math.floor((block - 1) / TOWNS.length) + 1}` : '';
  const longer = chance.is(0.03) ? ', avdeling for offentlige og private byggeprosjekter' : '';
  const name = `${word} ${trade}${town}${further}${longer}`;
  return { name: `${name} AS`, domain: `${slug(word)}${slug(trade)}${slug(town)}${further.trim()}.example` };
}

function titleCase(town: string): string {
  return town === town.toUpperCase() ? town.charAt(0) + town.slice(1).toLowerCase() : town;
}

function invent(cast: Cast, member: number): Customer {
  const chance = cast.chance(member, 0);
  const { name, domain } = companyName(chance, cast.shuffled(member));
  const place = chance.pick(PLACES);
  const delivery = chance.is(0.3) ? chance.pick(PLACES) : null;
  return {
    name,
    line1: chance.is(0.05) ? null : `${chance.pick(STREETS)} ${chance.between(1, 140)}`,
    line2: chance.is(0.25) ? `Postboks ${chance.between(1, 990)}` : null,
    postalCode: place.code,
    city: place.town,
    deliveryLine1: delivery === null ? null : `${chance.pick(STREETS)} ${chance.between(1, 90)}`,
    deliveryLine2: delivery !== null && chance.is(0.4) ? `Port ${chance.pick(['A', 'B', 'C', 'Ø'])}` : null,
    deliveryPostalCode: delivery?.code ?? null,
    deliveryCity: delivery?.town ?? null,
    phone: chance.is(0.15) ? null : landline(cast.shuffled(member), cast.seed),
    mobile: chance.is(0.5) ? mobileNumber(cast.shuffled(member), cast.seed) : null,
    email: chance.is(0.1) ? null : `post@${domain}`,
    website: chance.is(0.4) ? `https://${domain}` : null,
  };
}

function bothSides(cast: Cast, member: number): Sides<Customer> {
  const truth = invent(cast, member);
  return cast.differing.has(member)
    ? makeDiffer(truth, changes, cast.chance(member, 1), MAY_BE_EMPTY)
    : { customerp: truth, tidsbanken: truth };
}

function ownOrgNo(cast: Cast, member: number): string | null {
  if (sharedKeys(cast, member) === 'number') return null;
  return cast.isPair(member) || member % 10 !== 4 ? orgNo(member, cast.seed) : null;
}

function orgNoOn(cast: Cast, member: number, side: 'customerp' | 'tidsbanken'): string | null {
  const dirt = cast.dirt.get(member);
  if (dirt?.name === 'weakMatch') return null;
  if (dirt?.name === 'sharedOrgNo' || (dirt?.name === 'contradiction' && side === 'tidsbanken')) {
    return orgNo(dirt.name === 'sharedOrgNo' && !dirt.bent ? member : (dirt.partner ?? member), cast.seed);
  }
  return ownOrgNo(cast, member);
}

/** Dirt that shows in a value, on the side given. */
function soiled(cast: Cast, member: number, side: 'customerp' | 'tidsbanken', clean: Customer): Customer {
  const dirt = cast.dirt.get(member);
  if (dirt === undefined) return clean;
  const here = !cast.isPair(member) || side === 'tidsbanken';
  if (dirt.name === 'weakMatch')
    return dirt.bent
      ? { ...invent(cast, dirt.partner ?? member), phone: clean.phone, email: clean.email, mobile: clean.mobile }
      : clean;
  if (dirt.name === 'invalidPhone') return here ? { ...clean, phone: member % 2 === 0 ? 'ring Kari' : '12' } : clean;
  if (dirt.name === 'zeroWidth') return here ? { ...clean, name: clean.name.replace(' ', ' \u200B') } : clean;
  if (dirt.name === 'longName') return { ...clean, name: `${clean.name} ${'og Sønner '.repeat(12)}AS` };
  return clean;
}

const phone = (chance: Chance, value: string | null): string | null =>
  value !== null && /^\d{8}$/.test(value) ? spellPhone(chance, value) : value;
const text = (chance: Chance, value: string | null): string | null =>
  value === null ? null : spellText(chance, value);

export function* customerpCustomers(world: World): Generator<Row> {
  for (const member of world.customers.members('customerp')) yield customerpRow(world, member);
}

function customerpRow({ customers: cast, now }: World, member: number): Row {
  const chance = cast.chance(member, 2);
  const of = soiled(cast, member, 'customerp', bothSides(cast, member).customerp);
  const { created, updated } = pastTimes(chance, now);
  const number = orgNoOn(cast, member, 'customerp');
  const id = customerId(cast, member);
  const data: Data = {
    id,
    number: customerNumber(cast, member),
    name: spellText(chance, of.name),
    organizationNumber: number === null ? null : spellOrgNo(chance, number),
    address: {
      line1: text(chance, of.line1),
      line2: text(chance, of.line2),
      postalCode: of.postalCode,
      city: text(chance, of.city),
    },
    deliveryAddress: {
      line1: text(chance, of.deliveryLine1),
      line2: text(chance, of.deliveryLine2),
      postalCode: of.deliveryPostalCode,
      city: text(chance, of.deliveryCity),
    },
    phone: phone(chance, of.phone),
    mobile: phone(chance, of.mobile),
    email: of.email === null ? null : spellEmail(chance, of.email),
    website: of.website,
    active: !chance.is(0.04),
    externalReference: null,
    creditLimit: chance.is(0.4) ? chance.between(1, 50) * 10_000 : null,
    notes: chance.is(0.2) ? `Avtale fra ${dayOf(created)}; faktura på «EHF»` : null,
    version: chance.between(1, 9),
    createdAt: iso(created),
    updatedAt: iso(updated),
  };
  return { key: id, at: updated, data };
}

export function* kunder(world: World): Generator<Row> {
  for (const member of world.customers.members('tidsbanken')) yield kundeRow(world, member);
}

function kundeRow({ customers: cast, now }: World, member: number): Row {
  const chance = cast.chance(member, 3);
  const of = soiled(cast, member, 'tidsbanken', bothSides(cast, member).tidsbanken);
  const { created, updated } = pastTimes(chance, now);
  const number = orgNoOn(cast, member, 'tidsbanken');
  const id = kundeId(cast, member);
  const data: Data = {
    Id: id,
    Navn: spellText(chance, of.name),
    Organisasjonsnummer: number === null ? '' : spellOrgNo(chance, number),
    Gateadresse: text(chance, of.line1) ?? '',
    Postadresse: text(chance, of.line2) ?? '',
    Postnr: of.postalCode === null ? '' : spellPostcode(chance, of.postalCode),
    Poststed: text(chance, of.city) ?? '',
    Leveringsadresse: text(chance, of.deliveryLine1) ?? '',
    Leveringsadresse2: text(chance, of.deliveryLine2) ?? '',
    LevPostNr: of.deliveryPostalCode ?? '',
    LevPoststed: text(chance, of.deliveryCity) ?? '',
    Telefon: phone(chance, of.phone) ?? '',
    Mobil: phone(chance, of.mobile) ?? '',
    Epost: of.email === null ? '' : spellEmail(chance, of.email),
    Url: of.website ?? '',
    SistEndretDato: iso(updated),
    SistEndretAvId: 100,
    OpprettetDato: iso(created),
    OpprettetAvId: 100,
    Kontaktperson: chance.is(0.5) ? `${chance.pick(FIRST_NAMES)} ${chance.pick(LAST_NAMES)}` : '',
    Betalingsbetingelser: chance.is(0.7) ? '30 dager' : '',
  };
  return { key: id, at: updated, data };
}
