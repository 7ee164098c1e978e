import type { Kind, Side, Value } from '../../../shared/domain.ts';
import type { Json, JsonObject } from '../../../shared/json.ts';
import type { CompiledProperty } from '../../mapping/compile.ts';

/** Values that must be seen nowhere but in the systems themselves (I19). */
export const SECRET = 'HEMMELIG';

export const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2015, 0, 1);

export type Values = Record<string, Json>;

/** Some new records lack something that their twin has (R3, R4). */
export const isLeftEmpty = ({ name, required, group, type }: CompiledProperty, value: number): boolean =>
  !required && group === undefined && type !== 'boolean' && (name.length + value) % 6 === 0;

/** A canonical value that no other edit uses; undefined where the type has none to offer. */
export function firstValue(property: CompiledProperty, value: number): Value | undefined {
  switch (property.type) {
    case 'phone':
      return `+47${String(40_000_000 + value)}`;
    case 'email':
      return `post${String(value)}@fjordlys.example`;
    case 'postcode':
      return String(1_000 + (value % 8_000)).padStart(4, '0');
    case 'orgNo':
      return String(910_000_000 + value);
    case 'date':
      return new Date(FIRST_DAY + value * DAY_MS).toISOString().slice(0, 10);
    case 'integer':
    case 'decimal':
      return String(value);
    case 'boolean':
      return property.name === 'active' || property.name === 'started' ? 'true' : 'false';
    case 'reference':
      return undefined;
    case 'enum': {
      const choices = Object.keys(property.values ?? {});
      return choices[value % choices.length];
    }
    case 'string':
    case 'multiline':
    case 'id':
    case 'integerKey':
    case 'nationalId':
    case 'datetime':
      return `${property.name} ${String(value)}`;
  }
}

/** A native id or number as text; other JSON is none. */
export const textOf = (json: Json | undefined): string =>
  typeof json === 'string' || typeof json === 'number' ? String(json) : '';

export const idOf = (side: Side, raw: JsonObject): string => textOf(raw[side === 'customerp' ? 'id' : 'Id']);

export function closing(side: Side, kind: Kind, value: number): Values | null {
  const date = new Date(FIRST_DAY + value * DAY_MS).toISOString().slice(0, 10);
  if (kind === 'employee')
    return side === 'customerp'
      ? { active: false, terminated: true, terminationDate: date }
      : { Aktiv: false, Sluttet: true, SluttetDato: `${date}T00:00:00Z` };
  if (kind === 'project') return side === 'customerp' ? { closed: true } : { Avsluttet: true };
  if (kind === 'department') return side === 'customerp' ? { active: false } : { Synlig: false };
  return null;
}

/** What a system that knows better makes of a text. */
export const bettered = (text: string): string => `${text} (rettet)`;

/** A system that knows better what a record should be called (W3). */
export const altered = (raw: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(raw).map(([name, value]) =>
      ['name', 'lastName', 'Navn', 'Etternavn'].includes(name) && typeof value === 'string'
        ? [name, bettered(value)]
        : [name, value],
    ),
  );
