import { certain } from '../certain.ts';
import type { Data, Row } from '../store.ts';
import type { Cast, Side } from './cast.ts';
import type { Chance } from './chance.ts';
import { departmentId } from './departments.ts';
import { makeDiffer, type Changes, type Sides } from './differ.ts';
import { customerId, employeeId, employeeNumber, kundeId, projectId, projectNumber } from './numbers.ts';
import { spellText } from './spelling.ts';
import { daysAfter, iso, pastTimes, someDay } from './times.ts';
import { DEPARTMENTS, SHARED_DEPARTMENTS, STREETS, WORKS } from './words.ts';
import type { World } from './world.ts';

interface Project {
  name: string;
  /** Members of the customers and of the employees. */
  customer: number | null;
  department: string | null;
  manager: number | null;
  startDate: string | null;
  started: boolean;
  endDate: string | null;
  closed: boolean;
  internal: boolean;
  orderDate: string | null;
  customerOrderNumber: string | null;
}

const changes: Changes<Project> = {
  name: (value) => `${value}, trinn 2`,
  department: (value, chance) => chance.pick(SHARED_DEPARTMENTS.filter(({ number }) => number !== value)).number,
  startDate: (value) => daysAfter(value, 7),
  started: (value) => !value,
  endDate: (value) => daysAfter(value, 14),
  orderDate: (value) => daysAfter(value, -3),
  customerOrderNumber: (value) => `${value}-B`,
};
const MAY_BE_EMPTY = new Set<keyof Project>(['department', 'endDate', 'orderDate', 'customerOrderNumber']);

/** Each work at each house is one project; a second one there is another building stage. */
function projectName(rank: number): string {
  const houses = 97;
  const work = certain(WORKS[rank % WORKS.length]);
  const street = certain(STREETS[Math.floor(rank / WORKS.length) % STREETS.length]);
  const house = 1 + ((Math.floor(rank / (WORKS.length * STREETS.length)) * 13 + rank * 7) % houses);
  const stage = Math.floor(rank / (WORKS.length * STREETS.length));
  return `${work} ${street} ${house}${stage === 0 ? '' : `, byggetrinn ${stage + 1}`}`;
}

function invent({ customers, employees, projects: cast }: World, member: number, side: Side | 'both'): Project {
  const chance = cast.chance(member, 0);
  const startDate = someDay(chance, 2022, 2026);
  const internal = chance.is(0.1);
  const closed = chance.is(0.2);
  return {
    name: projectName(cast.shuffled(member)),
    customer: internal ? null : customers.someone(chance, side),
    department: chance.is(0.08) ? null : chance.pick(side === 'customerp' ? DEPARTMENTS : SHARED_DEPARTMENTS).number,
    manager: chance.is(0.1) ? null : employees.someone(chance, side),
    startDate: chance.is(0.04) ? null : startDate,
    started: closed || chance.is(0.75),
    endDate: closed || chance.is(0.6) ? daysAfter(startDate, chance.between(14, 500)) : null,
    closed,
    internal,
    orderDate: chance.is(0.7) ? daysAfter(startDate, -chance.between(5, 60)) : null,
    customerOrderNumber: chance.is(0.6) ? `BO-${chance.between(1000, 9999)}` : null,
  };
}

function sideOf(cast: Cast, member: number): Side | 'both' {
  if (cast.isPair(member)) return 'both';
  return member < cast.count ? 'customerp' : 'tidsbanken';
}

function bothSides(world: World, member: number): Sides<Project> {
  const { projects: cast } = world;
  const truth = invent(world, member, sideOf(cast, member));
  return cast.differing.has(member)
    ? makeDiffer(truth, changes, cast.chance(member, 1), MAY_BE_EMPTY)
    : { customerp: truth, tidsbanken: truth };
}

function soiled(world: World, member: number, side: Side): Project {
  const { projects: cast } = world;
  const clean = bothSides(world, member)[side];
  const dirt = cast.dirt.get(member);
  if (dirt === undefined) return clean;
  const onTidsbanken = !cast.isPair(member) || side === 'tidsbanken';
  if (dirt.name === 'weakMatch') return weaklyMatched(world, member, dirt.partner, dirt.bent, clean);
  if (dirt.name === 'impossibleDate') return side === 'customerp' ? { ...clean, startDate: '2023-02-30' } : clean;
  if (dirt.name === 'zeroWidth') return onTidsbanken ? { ...clean, name: clean.name.replace(' ', ' \u200B') } : clean;
  if (dirt.name === 'longName')
    return { ...clean, name: `${clean.name} ${'med tilhørende arbeider '.repeat(5).trimEnd()}` };
  return clean;
}

/** Both get one name and one customer, which exists on both sides. */
function weaklyMatched(world: World, member: number, partner: number | null, bent: boolean, clean: Project): Project {
  const source = bent ? (partner ?? member) : member;
  const customer = world.customers.someone(world.projects.chance(source, 4), 'both');
  return { ...clean, name: projectName(world.projects.shuffled(source)), customer, internal: false };
}

export function* customerpProjects(world: World): Generator<Row> {
  for (const member of world.projects.members('customerp')) yield customerpRow(world, member);
}

function customerpRow(world: World, member: number): Row {
  const { projects: cast } = world;
  const chance = cast.chance(member, 2);
  const of = soiled(world, member, 'customerp');
  const { created, updated } = pastTimes(chance, world.now);
  const id = projectId(cast, member);
  const data: Data = {
    id,
    number: projectNumber(cast, member),
    name: spellText(chance, of.name),
    customerId: of.customer === null ? null : customerId(world.customers, of.customer),
    departmentId: of.department === null ? null : departmentId(of.department),
    managerId: of.manager === null ? null : employeeId(world.employees, of.manager),
    startDate: of.startDate,
    started: of.started,
    endDate: of.endDate,
    closed: of.closed,
    internal: of.internal,
    orderDate: of.orderDate,
    customerOrderNumber: of.customerOrderNumber,
    externalReference: null,
    budget: chance.is(0.5) ? chance.between(2, 400) * 5000 : null,
    notes: chance.is(0.2) ? 'Nøkkel hentes hos vaktmester' : null,
    version: chance.between(1, 9),
    createdAt: iso(created),
    updatedAt: iso(updated),
  };
  return { key: id, at: updated, data };
}

/** Mostly midnight, now and then the hour somebody happened to pick. */
function wall(chance: Chance, day: string | null): string | null {
  if (day === null) return null;
  return `${day}T${chance.is(0.03) ? '07:30:00' : '00:00:00'}`;
}

const FIRST_POST_ID = 3000;

export function* prosjekter(world: World): Generator<Row> {
  let postId = FIRST_POST_ID;
  for (const member of world.projects.members('tidsbanken')) yield prosjektRow(world, member, ++postId);
}

function prosjektRow(world: World, member: number, postId: number): Row {
  const { projects: cast } = world;
  const chance = cast.chance(member, 3);
  const of = soiled(world, member, 'tidsbanken');
  const { created, updated } = pastTimes(chance, world.now);
  const id = projectNumber(cast, member);
  const kunde = of.customer === null ? '' : kundeId(world.customers, of.customer);
  const data: Data = {
    Id: id,
    PostId: postId,
    Navn: spellText(chance, of.name),
    Notat: chance.is(0.2) ? 'Byggetrinn 1 og 2' : '',
    Status: null,
    PostType: null,
    KundensBestillingsnummer: of.customerOrderNumber ?? '',
    FerdigGrad: of.closed ? 100 : null,
    InterntProsjekt: of.internal,
    AvdelingId: of.department ?? '',
    AnsvarligId: of.manager === null ? null : employeeNumber(world.employees, of.manager),
    KundeId: kunde,
    EksternId: '',
    Element1Id: '',
    Element2Id: '',
    FakturaKundeId: kunde,
    AnleggId: '',
    SelgerId: null,
    BestillingsDato: wall(chance, of.orderDate),
    Startet: of.started,
    StartDato: wall(chance, of.startDate),
    Ferdig: of.closed,
    FerdigDato: of.closed ? wall(chance, of.endDate) : null,
    Avsluttet: of.closed,
    AvsluttetDato: wall(chance, of.endDate),
    OpprettetDato: iso(created),
    OpprettetAvId: 100,
    SistEndretAvId: 100,
    SistEndretDato: iso(updated),
    ProsjektGruppeId: null,
    Kontaktperson: '',
    Betalingsbetingelser: '',
    Prosjekttype: null,
  };
  return { key: id, at: updated, data };
}

const LINES = ['Riving', 'Grunnarbeid', 'Montering', 'Sluttkontroll'];

/** Every third project has two lines. */
export function* prosjektlinjer(world: World): Generator<Row> {
  let postId = 90_000;
  for (const member of world.projects.members('tidsbanken')) {
    if (member % 3 !== 0) continue;
    for (const line of [1, 2]) yield linjeRow(world, member, line, ++postId);
  }
}

function linjeRow({ projects: cast, now }: World, member: number, line: number, postId: number): Row {
  const chance = cast.chance(member, 10 + line);
  const { updated } = pastTimes(chance, now);
  const data: Data = {
    ProsjektLinjeId: String(line * 10),
    PostId: postId,
    ProsjektId: projectNumber(cast, member),
    Navn: chance.pick(LINES),
    Notat: '',
    Salgspris: 0,
    AvdelingId: '',
    StartDato: null,
    FerdigDato: null,
    Avsluttet: false,
    SistEndretDato: iso(updated),
  };
  return { key: postId, at: updated, data };
}
