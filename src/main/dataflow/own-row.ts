import { fail, KINDS, ok, type Kind, type Result } from '../../shared/domain.ts';
import { Property } from '../mapping/mapping.ts';
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

const VALUE = `(${TOKEN}) = (${TOKEN}) / (${TOKEN})`;
const VALUES = new RegExp(`^${VALUE}(?:; ${VALUE})*$`, 'u');

/** “open = Open / Åpen; closed = Closed / Lukket”: canonical name, Customerp's spelling, Tidsbanken's. */
function readValues(cell: string): Property['values'] | null {
  if (idOfWord({ en: WORDS.en.nothing, nb: WORDS.nb.nothing }, cell) !== undefined) return {};
  if (!VALUES.test(cell)) return null;
  const entries: [string, { customerp: string; tidsbanken: string }][] = [];
  for (const [, name = '', customerp = '', tidsbanken = ''] of cell.matchAll(new RegExp(VALUE, 'gu'))) {
    const [key, forCustomerp, forTidsbanken] = [readToken(name), readToken(customerp), readToken(tidsbanken)];
    if (key === null || forCustomerp === null || forTidsbanken === null) return null;
    entries.push([key, { customerp: forCustomerp, tidsbanken: forTidsbanken }]);
  }
  return Object.fromEntries(entries);
}
