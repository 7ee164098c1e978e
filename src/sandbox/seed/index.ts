import type { Customerp } from '../customerp/server.ts';
import type { EntityName } from '../tidsbanken/entities.ts';
import type { Tidsbanken } from '../tidsbanken/server.ts';
import type { Key, Row } from '../store.ts';
import { freshRow } from '../tidsbanken/write.ts';
import { ENTITIES } from '../tidsbanken/entities.ts';
import type { Cast, DirtName, Kind } from './cast.ts';
import { customerpCustomers, kunder } from './customers.ts';
import { avdelinger, customerpDepartments } from './departments.ts';
import { ansatte, customerpEmployees } from './employees.ts';
import { customerId, employeeId, employeeNumber, kundeId, projectId, projectNumber } from './numbers.ts';
import { customerpProjects, prosjekter, prosjektlinjer } from './projects.ts';
import { makeWorld, type SeedOptions, type World } from './world.ts';

export type { SeedOptions } from './world.ts';
export { DIRT } from './cast.ts';

const GROUPS = [
  { Id: 0, Navn: 'dummy' },
  { Id: 2_147_400_000, Navn: 'Fast ansatt' },
  { Id: 2_147_400_001, Navn: 'Innleid' },
];

/** Fills both systems, or leaves one of them as on its first day; the same options on the same day give the same data. */
export function plant(
  options: SeedOptions,
  customerp: Customerp,
  tidsbanken: Tidsbanken,
  empty?: 'customerp' | 'tidsbanken',
): void {
  const world = makeWorld(options);
  const nobody = makeWorld({ ...options, customers: 0, employees: 0, projects: 0 });
  plantCustomerp(options, empty === 'customerp' ? nobody : world, customerp);
  plantTidsbanken(options, empty === 'tidsbanken' ? nobody : world, tidsbanken);
}

function plantCustomerp({ seed, now }: SeedOptions, world: World, customerp: Customerp): void {
  customerp.load('departments', customerpDepartments(seed, now));
  customerp.load('customers', customerpCustomers(world));
  customerp.load('employees', customerpEmployees(world));
  customerp.load('projects', customerpProjects(world));
}

function plantTidsbanken({ seed, now }: SeedOptions, world: World, tidsbanken: Tidsbanken): void {
  const first = (name: EntityName, key: Key, data: Record<string, unknown>, rows: Iterable<Row>): void =>
    tidsbanken.load(name, withSystemRow(tidsbanken, name, key, data, rows, now));
  tidsbanken.load(
    'Ansattgruppe',
    GROUPS.map((data) => ({ key: data.Id, at: null, data })),
  );
  tidsbanken.load('Avdeling', avdelinger(seed, now));
  tidsbanken.load('Kunde', kunder(world));
  first('Ansatt', 100, { Fornavn: 'super', Etternavn: 'user', AvdelingId: '1' }, ansatte(world));
  first('Prosjekt', '0', { Navn: 'Uten prosjekt', InterntProsjekt: true, Startet: true }, prosjekter(world));
  tidsbanken.load('Prosjektlinje', prosjektlinjer(world));
}

/** The rows that were there before anybody came (Q22). */
function* withSystemRow(
  tidsbanken: Tidsbanken,
  name: EntityName,
  key: Key,
  data: Record<string, unknown>,
  rows: Iterable<Row>,
  now: number,
): Generator<Row> {
  const row = freshRow(tidsbanken, ENTITIES[name], key, data);
  const at = Math.floor(now / 86_400_000) * 86_400_000 - 500 * 86_400_000;
  const stamp = new Date(at).toISOString();
  yield { key, at, data: { ...row.data, SistEndretDato: stamp, OpprettetDato: stamp } };
  yield* rows;
}

export interface Pair {
  readonly kind: Kind;
  readonly customerp: string;
  readonly tidsbanken: Key;
  readonly differs: boolean;
  readonly dirt: DirtName | null;
}

/** Who belongs to whom: what tests hold a sync's links against. */
export function* pairsOf(options: SeedOptions): Generator<Pair> {
  const world = makeWorld(options);
  yield* pairsIn(world.customers, customerId, kundeId);
  yield* pairsIn(world.employees, employeeId, employeeNumber);
  yield* pairsIn(world.projects, projectId, projectNumber);
}

function* pairsIn(
  cast: Cast,
  left: (cast: Cast, member: number) => string,
  right: (cast: Cast, member: number) => Key,
): Generator<Pair> {
  for (let member = 0; member < cast.pairs; member++) {
    yield {
      kind: cast.kind,
      customerp: left(cast, member),
      tidsbanken: right(cast, member),
      differs: cast.differing.has(member),
      dirt: cast.dirt.get(member)?.name ?? null,
    };
  }
}

export interface Stain {
  readonly kind: Kind;
  readonly name: DirtName;
  readonly member: number;
}

export function* stainsOf(options: SeedOptions): Generator<Stain> {
  const world: World = makeWorld(options);
  for (const cast of [world.customers, world.employees, world.projects]) {
    for (const [member, { name }] of cast.dirt) yield { kind: cast.kind, name, member };
  }
}
