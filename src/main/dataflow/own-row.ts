import { fail, KINDS, ok, type Kind, type Result, type Side } from '../../shared/domain.ts';
import { Property } from '../mapping/mapping.ts';
import { rowCondition } from './conditions.ts';
import type { OwnCells, PropertyRow } from './dataflow.ts';
import { idOfWord, WORDS, type Words } from './language.ts';
import { readToken, TOKEN } from './tokens.ts';

/**
 * The property of a row that has all columns of our own documents: exactly what was exported. Fails with what is wrong
 * with which cell.
 */
export function ownProperty(row: PropertyRow, own: OwnCells): Result<Property, string> {
  const words = WORDS[own.language];
  const { cells } = own;
  const faults: string[] = [];
  const need = <T>(title: string, value: T | null | undefined, cell: string): T | undefined => {
    if (value === null || value === undefined) faults.push(`${title}: “${cell}” is not understood`);
    return value ?? undefined;
  };
  const { columns } = words;
  const name = need(columns.name, readToken(cells.name), cells.name);
  const direction = need(columns.direction, idOfWord(words.directions, cells.direction), cells.direction);
  const master = need(columns.master, idOfWord(words.sides, cells.master), cells.master);
  const group = cells.group === '' ? undefined : need(columns.group, readToken(cells.group), cells.group);
  const rules = need(columns.rules, readRules(cells.rules, words), cells.rules);
  const maxLength = need(columns.longest, readLongest(cells.longest), cells.longest);
  const values = cells.values === '' ? undefined : need(columns.values, readValues(cells.values), cells.values);
  const onCreate =
    cells.onCreate === '' ? undefined : need(columns.onCreate, readOnCreate(cells.onCreate), cells.onCreate);
  const convert =
    cells.conversion === '' ? undefined : need(columns.conversion, readConversion(cells.conversion), cells.conversion);
  if (faults.length > 0) return fail(faults.join('; '));
  const parsed = Property.safeParse({
    name,
    customerp: row.partner.path,
    tidsbanken: row.tidsbanken.path,
    type: cells.type,
    direction,
    master,
    maxLength,
    ...rules,
    ...(group === undefined ? {} : { group }),
    ...(values === undefined ? {} : { values }),
    ...(onCreate === undefined ? {} : { onCreate }),
    ...(convert === undefined ? {} : { convert }),
    ...rowCondition(row.partner, row.tidsbanken),
  });
  if (parsed.success) return ok(parsed.data);
  return fail(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

type Flags = Partial<
  Pick<Property, 'key' | 'required' | 'sensitive' | 'clearable' | 'deferred' | 'negated' | 'reference'>
>;

function readRules(cell: string, words: Words): Flags | null {
  const flags: Flags = {};
  for (const text of cell === '' ? [] : cell.split(', ')) {
    const rule = idOfWord(words.rules, text);
    const kind = text.startsWith(`${words.refersTo} `) ? readKind(text.slice(words.refersTo.length), words) : undefined;
    if (kind !== undefined) flags.reference = kind;
    else if (rule === 'notClearable') flags.clearable = false;
    else if (rule !== undefined) flags[rule] = true;
    else return null;
  }
  return flags;
}

const readKind = (word: string, words: Words): Kind | undefined => {
  const kind = idOfWord(words.kinds, word);
  return KINDS.find((one) => one === kind);
};

/** “Customerp 50, Tidsbanken 100”: where a side is left out it has no limit of its own. */
function readLongest(cell: string): Property['maxLength'] | null {
  const limits: { customerp?: number; tidsbanken?: number } = {};
  for (const text of cell === '' ? [] : cell.split(', ')) {
    const [, side, length] = /^(customerp|tidsbanken) (-?\d+)$/i.exec(text) ?? [];
    if (side === undefined) return null;
    limits[side.toLowerCase() === 'customerp' ? 'customerp' : 'tidsbanken'] = Number(length);
  }
  return limits;
}

const isNothing = (cell: string): boolean =>
  idOfWord({ en: WORDS.en.nothing, nb: WORDS.nb.nothing }, cell) !== undefined;

const ON_SIDE = `(Customerp|Tidsbanken) (${TOKEN})(?: / (${TOKEN}))?`;
const ON_SIDES = new RegExp(`^${ON_SIDE}(?:, ${ON_SIDE})*$`, 'u');

interface OnSide {
  readonly side: Side;
  readonly first: string;
  readonly second: string | undefined;
}

/** “Customerp x, Tidsbanken y / z”: one or two texts a side; null when it is not so. */
function readSides(cell: string): OnSide[] | null {
  if (isNothing(cell)) return [];
  if (!ON_SIDES.test(cell)) return null;
  const found: OnSide[] = [];
  for (const [, name, one = '', other] of cell.matchAll(new RegExp(ON_SIDE, 'gu'))) {
    const [first, second] = [readToken(one), other === undefined ? undefined : readToken(other)];
    if (first === null || second === null) return null;
    found.push({ side: name === 'Customerp' ? 'customerp' : 'tidsbanken', first, second });
  }
  return found;
}

function readOnCreate(cell: string): Property['onCreate'] | null {
  const sides = readSides(cell);
  if (sides === null || sides.some(({ second }) => second !== undefined)) return null;
  return Object.fromEntries(sides.map(({ side, first }) => [side, first]));
}

function readConversion(cell: string): Property['convert'] | null {
  const sides = readSides(cell);
  if (sides === null) return null;
  return Object.fromEntries(
    sides.map(({ side, first, second }) => [side, { read: first, ...(second === undefined ? {} : { write: second }) }]),
  );
}

const VALUE = `(${TOKEN}) = (${TOKEN}) / (${TOKEN})`;
const VALUES = new RegExp(`^${VALUE}(?:; ${VALUE})*$`, 'u');

/** “open = Open / Åpen; closed = Closed / Lukket”: canonical name, Customerp's spelling, Tidsbanken's. */
function readValues(cell: string): Property['values'] | null {
  if (isNothing(cell)) return {};
  if (!VALUES.test(cell)) return null;
  const entries: [string, { customerp: string; tidsbanken: string }][] = [];
  for (const [, name = '', customerp = '', tidsbanken = ''] of cell.matchAll(new RegExp(VALUE, 'gu'))) {
    const [key, forCustomerp, forTidsbanken] = [readToken(name), readToken(customerp), readToken(tidsbanken)];
    if (key === null || forCustomerp === null || forTidsbanken === null) return null;
    entries.push([key, { customerp: forCustomerp, tidsbanken: forTidsbanken }]);
  }
  return Object.fromEntries(entries);
}
