import { certain } from '../certain.ts';
import type { Data, Row } from '../store.ts';
import { osloOffsetOfWall } from '../tidsbanken/time.ts';
import type { Cast, Side } from './cast.ts';
import type { Chance } from './chance.ts';
import { makeDiffer, oneDigitOn, type Changes, type Sides } from './differ.ts';
import { bankAccount, landline, mobileNumber, nationalId } from './identifiers.ts';
import { departmentId } from './departments.ts';
import { employeeId, employeeNumber, projectId, projectNumber } from './numbers.ts';
import { spellEmail, spellPhone, spellPostcode, spellText } from './spelling.ts';
import { daysAfter, iso, pastTimes, someDay } from './times.ts';
import {
  DEPARTMENTS,
  FIRST_NAMES,
  JOB_TITLES,
  LAST_NAMES,
  MIDDLE_NAMES,
  PLACES,
  SHARED_DEPARTMENTS,
  slug,
  STREETS,
} from './words.ts';
import type { World } from './world.ts';

interface Employee {
  firstName: string;
  lastName: string;
  email: string | null;
  mobile: string | null;
  homePhone: string | null;
  line1: string | null;
  postalCode: string | null;
  city: string | null;
  birthDate: string | null;
  nationalId: string | null;
  bankAccount: string | null;
  jobTitle: string | null;
  department: string | null;
  /** A member of the projects. */
  project: number | null;
  hireDate: string | null;
  terminationDate: string | null;
  terminated: boolean;
  active: boolean;
  employmentPercentage: number | null;
}

const otherDepartment = (value: string, chance: Chance): string => {
  const others = SHARED_DEPARTMENTS.filter(({ number }) => number !== value);
  return chance.pick(others).number;
};

const changes: Changes<Employee> = {
  firstName: (value) => `${value} Marie`,
  lastName: (value) => `${value}-Berg`,
  email: (value) => value.replace('@', '.ny@'),
  mobile: oneDigitOn,
  homePhone: oneDigitOn,
  line1: (value) => `${value} B`,
  postalCode: oneDigitOn,
  city: (value) => `${value} S`,
  birthDate: (value) => daysAfter(value, 1),
  jobTitle: (value) => `Senior ${value.toLowerCase()}`,
  department: otherDepartment,
  hireDate: (value) => daysAfter(value, 31),
  employmentPercentage: (value) => (value === 100 ? 80 : 100),
};
const MAY_BE_EMPTY = new Set<keyof Employee>(['email', 'mobile', 'homePhone', 'jobTitle', 'department']);

/** Nobody shares a full name: who comes after all plain combinations gets a middle name. */
function fullName(rank: number): { firstName: string; lastName: string; account: string } {
  const plain = FIRST_NAMES.length * LAST_NAMES.length;
  const first = certain(FIRST_NAMES[rank % FIRST_NAMES.length]);
  const lastName = certain(LAST_NAMES[Math.floor(rank / FIRST_NAMES.length) % LAST_NAMES.length]);
  const block = Math.floor(rank / plain);
  const middles = MIDDLE_NAMES.length;
  const names = [first, ...(block === 0 ? [] : [certain(MIDDLE_NAMES[(block - 1) % middles])])];
  if (block > middles) names.push(certain(MIDDLE_NAMES[(Math.floor((block - 1) / middles) - 1) % middles]));
  const further = block > middles * (middles + 1) ? String(block) : '';
  return {
    firstName: names.join(' '),
    lastName: lastName + further,
    account: `${names.map(slug).join('.')}.${slug(lastName)}${further}`,
  };
}

function invent({ employees: cast, projects }: World, member: number, side: Side | 'both'): Employee {
  const chance = cast.chance(member, 0);
  const { firstName, lastName, account } = fullName(cast.shuffled(member));
  const place = chance.pick(PLACES);
  const birthDate = someDay(chance, 1958, 2000);
  const hireDate = someDay(chance, 2008, 2025);
  const terminated = chance.is(0.08);
  return {
    firstName,
    lastName,
    email: chance.is(0.08) ? null : `${account}@fjordbygg.example`,
    mobile: chance.is(0.06) ? null : mobileNumber(cast.shuffled(member), cast.salted(1)),
    homePhone: chance.is(0.15) ? landline(cast.shuffled(member), cast.salted(2)) : null,
    line1: chance.is(0.05)
      ? null
      : `${chance.pick(STREETS)} ${chance.between(1, 120)}${chance.pick(['', '', 'A', 'B'])}`,
    postalCode: place.code,
    city: place.town,
    birthDate: chance.is(0.05) ? null : birthDate,
    nationalId: chance.is(0.5) ? nationalId(birthDate, member) : null,
    bankAccount: chance.is(0.5) ? bankAccount(member, cast.seed) : null,
    jobTitle: chance.is(0.1) ? null : chance.pick(JOB_TITLES),
    department: chance.is(0.05) ? null : chance.pick(side === 'customerp' ? DEPARTMENTS : SHARED_DEPARTMENTS).number,
    project: chance.is(0.15) ? projects.someone(chance, side) : null,
    hireDate,
    terminationDate: terminated ? daysAfter(hireDate, chance.between(30, 300)) : null,
    terminated,
    active: !terminated,
    employmentPercentage: chance.pick([100, 100, 100, 80, 60, 50]),
  };
}

function sideOf(cast: Cast, member: number): Side | 'both' {
  if (cast.isPair(member)) return 'both';
  return member < cast.count ? 'customerp' : 'tidsbanken';
}

function bothSides(world: World, member: number): Sides<Employee> {
  const { employees: cast } = world;
  const truth = invent(world, member, sideOf(cast, member));
  return cast.differing.has(member)
    ? makeDiffer(truth, changes, cast.chance(member, 1), MAY_BE_EMPTY)
    : { customerp: truth, tidsbanken: truth };
}

function soiled(world: World, member: number, side: Side): Employee {
  const { employees: cast } = world;
  const clean = bothSides(world, member)[side];
  const dirt = cast.dirt.get(member);
  if (dirt === undefined) return clean;
  const onTidsbanken = !cast.isPair(member) || side === 'tidsbanken';
  if (dirt.name === 'weakMatch') {
    if (!dirt.bent || dirt.partner === null) return clean;
    const { firstName, lastName, postalCode, city } = invent(world, dirt.partner, 'customerp');
    return { ...clean, firstName, lastName, postalCode, city };
  }
  if (dirt.name === 'impossibleDate') return side === 'customerp' ? { ...clean, hireDate: '2023-02-30' } : clean;
  if (dirt.name === 'invalidPhone')
    return onTidsbanken ? { ...clean, mobile: member % 2 === 0 ? 'spør Ola' : '900' } : clean;
  if (dirt.name === 'zeroWidth') return onTidsbanken ? { ...clean, lastName: `\u200B${clean.lastName}` } : clean;
  if (dirt.name === 'longName') return { ...clean, firstName: `${clean.firstName}${' Johan'.repeat(18)}` };
  return clean;
}

const phone = (chance: Chance, value: string | null): string | null =>
  value !== null && /^\d{8}$/.test(value) ? spellPhone(chance, value) : value;
const text = (chance: Chance, value: string | null): string | null =>
  value === null ? null : spellText(chance, value);

export function* customerpEmployees(world: World): Generator<Row> {
  for (const member of world.employees.members('customerp')) yield customerpRow(world, member);
}

function customerpRow(world: World, member: number): Row {
  const { employees: cast } = world;
  const chance = cast.chance(member, 2);
  const of = soiled(world, member, 'customerp');
  const { created, updated } = pastTimes(chance, world.now);
  const id = employeeId(cast, member);
  const number = employeeNumber(cast, member);
  const data: Data = {
    id,
    number: cast.dirt.get(member)?.name === 'letterNumber' ? `A${number}` : String(number),
    firstName: spellText(chance, of.firstName),
    lastName: spellText(chance, of.lastName),
    email: of.email === null ? null : spellEmail(chance, of.email),
    mobile: phone(chance, of.mobile),
    homePhone: phone(chance, of.homePhone),
    address: { line1: text(chance, of.line1), postalCode: of.postalCode, city: text(chance, of.city) },
    birthDate: of.birthDate,
    nationalId: of.nationalId,
    bankAccount: of.bankAccount,
    jobTitle: text(chance, of.jobTitle),
    departmentId: of.department === null ? null : departmentId(of.department),
    defaultProjectId: of.project === null ? null : projectId(world.projects, of.project),
    hireDate: of.hireDate,
    terminationDate: of.terminationDate,
    terminated: of.terminated,
    active: of.active,
    employmentPercentage: of.employmentPercentage,
    type: chance.pick(['fast', 'fast', 'vikar', 'lærling']),
    externalReference: null,
    notes: chance.is(0.15) ? 'Førerkort klasse BE' : null,
    version: chance.between(1, 9),
    createdAt: iso(created),
    updatedAt: iso(updated),
  };
  return { key: id, at: updated, data };
}

/** A hire date is mostly midnight as written, but now and then midnight in Oslo told in UTC. */
function hireWall(chance: Chance, day: string | null): string | null {
  if (day === null) return null;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || !chance.is(0.03)) return wall(day);
  return iso(midnight - osloOffsetOfWall(midnight)).slice(0, 19);
}

const wall = (day: string | null): string | null => (day === null ? null : `${day}T00:00:00`);

export function* ansatte(world: World): Generator<Row> {
  for (const member of world.employees.members('tidsbanken')) yield ansattRow(world, member);
}

function ansattRow(world: World, member: number): Row {
  const { employees: cast } = world;
  const chance = cast.chance(member, 3);
  const of = soiled(world, member, 'tidsbanken');
  const { created, updated } = pastTimes(chance, world.now);
  const id = employeeNumber(cast, member);
  const data: Data = {
    Id: id,
    Fornavn: spellText(chance, of.firstName),
    Etternavn: spellText(chance, of.lastName),
    Adresse: text(chance, of.line1) ?? '',
    Postnummer: of.postalCode === null ? '' : spellPostcode(chance, of.postalCode),
    Poststed: text(chance, of.city) ?? '',
    TlfPrivat: phone(chance, of.homePhone) ?? '',
    Mobil: phone(chance, of.mobile) ?? '',
    Epost: of.email === null ? '' : spellEmail(chance, of.email),
    Fodt: wall(of.birthDate),
    Tittel: text(chance, of.jobTitle) ?? '',
    Lonnskonto: of.bankAccount ?? '',
    AnsattDato: hireWall(chance, of.hireDate),
    Personnummer: of.nationalId ?? '',
    Sluttet: of.terminated,
    SluttetDato: wall(of.terminationDate),
    AvdelingId: of.department ?? '',
    Aktiv: of.active,
    Identifikator: String(id),
    AntallFerieDager: 25,
    Notat: chance.is(0.1) ? 'Husk verneutstyr på anlegget' : '',
    ProsjektId: of.project === null ? '0' : projectNumber(world.projects, of.project),
    Stillingsprosent: of.employmentPercentage,
    Element1Id: '',
    Element2Id: '',
    Kjonn: '',
    Kommune: 9999,
    MalId: 2_147_400_000 + chance.below(2),
    Innleie: false,
    Fastlonn: null,
    IceNavn: chance.is(0.3) ? `${chance.pick(FIRST_NAMES)} ${of.lastName}` : '',
    IceNr: '',
    PersonaliaBekreftet: null,
    AntallHalveFerieDager: 0,
    SistEndretDato: iso(updated),
    SistEndretAvId: 100,
    OpprettetDato: iso(created),
    OpprettetAvId: chance.is(0.5) ? 100 : null,
  };
  return { key: id, at: updated, data };
}
