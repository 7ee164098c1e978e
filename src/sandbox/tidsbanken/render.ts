import type { Data, Row, Store } from '../store.ts';
import { ENTITIES, findField, type Entity, type EntityName, type Field } from './entities.ts';
import { requireField, toComparable } from './odata/evaluate.ts';
import type { ExpandTerm } from './odata/parser.ts';
import { badRequest } from './errors.ts';
import type { TidsbankenSwitches } from './switches.ts';
import { osloText, quirkText, utcText, wallText } from './time.ts';

type Stores = Readonly<Record<EntityName, Store>>;
export type Shown = Record<string, unknown>;
export type Renderer = (row: Row) => Shown;

const SMALL_SELECT = 8;

/** Turns stored rows into what the service shows, quirks and all. Made once for a page. */
export function renderer(
  entity: Entity,
  select: readonly string[],
  expand: readonly ExpandTerm[],
  switches: TidsbankenSwitches,
  stores: Stores,
): Renderer {
  const columns = selected(entity, select, switches).map(
    (field) => [field.name, column(field, entity, switches)] as const,
  );
  const links = expand.map((term) => expansion(entity, term, switches, stores));
  return (row) => {
    const shown: Shown = {};
    for (const [name, show] of columns) shown[name] = show(row.data);
    for (const [name, follow] of links) shown[name] = follow(row.data);
    return shown;
  };
}

function selected(entity: Entity, select: readonly string[], switches: TidsbankenSwitches): readonly Field[] {
  const named = select.filter((name) => name !== '*').map((name) => requireField(entity, name));
  if (select.includes('*')) return entity.fields;
  if (named.length > 0) return [...new Set(named)];
  return switches.defaultSelect === 'small' ? entity.fields.slice(0, SMALL_SELECT) : entity.fields;
}

function column(field: Field, entity: Entity, switches: TidsbankenSwitches): (data: Data) => unknown {
  const { name, type } = field;
  if (type === 'stamp') return stampColumn(name, entity, switches);
  if (type === 'wall') return (data) => showWall(data[name], entity.wallOffset);
  if (type === 'text' && switches.emptyText === 'null') return (data) => (data[name] === '' ? null : data[name]);
  return (data) => data[name];
}

function showWall(value: unknown, withOffset: boolean): unknown {
  if (typeof value !== 'string') return null;
  return withOffset ? wallText(value) : `${value}Z`;
}

function stampColumn(name: string, entity: Entity, switches: TidsbankenSwitches): (data: Data) => unknown {
  const face = entity.clock === 'quirk' && !switches.clockQuirk ? 'oslo' : entity.clock;
  const show = { utc: utcText, quirk: quirkText, oslo: osloText }[face];
  return (data) => {
    const value = data[name];
    return typeof value === 'string' ? show(Date.parse(value), switches.trimFraction) : null;
  };
}

function expansion(
  entity: Entity,
  { name, select }: ExpandTerm,
  switches: TidsbankenSwitches,
  stores: Stores,
): readonly [string, (data: Data) => Shown | null] {
  const navigation = Object.keys(entity.navigations).find((known) => known.toLowerCase() === name.toLowerCase());
  if (navigation === undefined)
    throw badRequest(`Could not find a navigation property named '${name}' on type '${entity.name}'.`);
  const through = entity.navigations[navigation];
  if (through === null || through === undefined) return [navigation, () => null];
  const render = renderer(ENTITIES.Avdeling, select, [], switches, stores);
  return [
    navigation,
    (data) => {
      const department = stores.Avdeling.get(String(toComparable(data[through])));
      return department === undefined ? null : render(department);
    },
  ];
}

const INTERNAL_HOSTS = {
  ansatt: 'https://api-ansatte.tidsbanken.net',
  prosjekt: 'https://api-prosjekter.tidsbanken.net',
};

/** Names the host inside, which a client cannot reach (Q23). */
export function contextUrl(entity: Entity, select: readonly string[]): string {
  const names = select.map((name) => (name === '*' ? name : (findField(entity, name)?.name ?? name)));
  const columns = names.length === 0 ? '' : `(${names.includes('*') ? '*' : names.join(',')})`;
  return `${INTERNAL_HOSTS[entity.area]}/$metadata#${entity.name}${columns}`;
}

export function internalUrl(entity: Entity, rest: string): string {
  return `${INTERNAL_HOSTS[entity.area]}/${entity.name}?${rest}`;
}

const DECIMALS = /"(AntallFerieDager|AntallHalveFerieDager|Salgspris)":(-?\d+)(?=[,}])/g;

/** Decimals print a decimal even when whole (25.0), which JSON.stringify does not. */
export function toJsonText(body: unknown): string {
  return JSON.stringify(body).replace(DECIMALS, '"$1":$2.0');
}
