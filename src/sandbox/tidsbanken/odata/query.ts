import type { Key, Row, Store } from '../../store.ts';
import { compileFilter, momentFor, requireField, toComparable, type Comparable, type Reading } from './evaluate.ts';
import type { Entity } from '../entities.ts';
import { badRequest } from '../errors.ts';
import {
  parseExpand,
  parseFilter,
  parseOrderBy,
  parseSelect,
  type ExpandTerm,
  type Expression,
  type OrderTerm,
} from './parser.ts';

export interface Query {
  readonly filterText: string;
  readonly filter: Expression | null;
  readonly select: readonly string[];
  readonly orderBy: readonly OrderTerm[];
  readonly expand: readonly ExpandTerm[];
  readonly top: number | null;
  readonly skip: number;
  readonly count: boolean;
}

const OPTIONS: ReadonlySet<string> = new Set(['$filter', '$select', '$orderby', '$expand', '$top', '$skip', '$count']);

export function readQuery(params: URLSearchParams): Query {
  const options = new Map<string, string>();
  for (const [name, value] of params) {
    const lower = name.toLowerCase();
    if (!lower.startsWith('$')) continue;
    if (!OPTIONS.has(lower)) throw badRequest(`The query option '${name}' is not supported.`);
    if (options.has(lower)) throw badRequest(`The query option '${name}' is given twice.`);
    options.set(lower, value);
  }
  const filterText = options.get('$filter') ?? '';
  return {
    filterText,
    filter: filterText.trim() === '' ? null : parseFilter(filterText),
    select: given(options.get('$select'), parseSelect),
    orderBy: given(options.get('$orderby'), parseOrderBy),
    expand: given(options.get('$expand'), parseExpand),
    top: wholeNumber('$top', options.get('$top')),
    skip: wholeNumber('$skip', options.get('$skip')) ?? 0,
    count: flag('$count', options.get('$count')),
  };
}

function given<T>(text: string | undefined, parse: (text: string) => readonly T[]): readonly T[] {
  return text === undefined || text.trim() === '' ? [] : parse(text);
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`Invalid value '${text}' for ${name}.`);
  return Number(text);
}

function flag(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw badRequest(`Invalid value '${text}' for ${name}.`);
}

export interface Found {
  readonly rows: readonly Row[];
  /** Rows the filter lets through in all; null when it was not asked for. */
  readonly total: number | null;
  /** Whether the filter lets more rows through after these. */
  readonly more: boolean;
}

export function runQuery(store: Store, query: Query, reading: Reading, limit: number): Found {
  const { filter, skip, count } = query;
  const inKeyOrder = isKeyOrder(query.orderBy, reading.entity);
  if (filter === null && inKeyOrder) return page(store.slice(skip, limit + 1), limit, count ? store.size : null);
  const matches = filter === null ? () => true : compileFilter(filter, reading);
  if (inKeyOrder && !count) return firstMatches(candidates(store, filter, reading), matches, skip, limit);
  const name = `${query.filterText}\n${JSON.stringify(query.orderBy)}\n${reading.stamps}`;
  const all = store.remembered(name, () => {
    const rows = [...candidates(store, filter, reading)].filter(matches);
    return inKeyOrder ? rows : rows.toSorted(comparator(query.orderBy, reading));
  });
  return page(all.slice(skip, skip + limit + 1), limit, count ? all.length : null);
}

function page(rows: readonly Row[], limit: number, total: number | null): Found {
  return { rows: rows.slice(0, limit), total, more: rows.length > limit };
}

function firstMatches(rows: Iterable<Row>, matches: (row: Row) => boolean, skip: number, limit: number): Found {
  const found: Row[] = [];
  let left = skip;
  for (const row of rows) {
    if (!matches(row) || left-- > 0) continue;
    found.push(row);
    if (found.length > limit) break;
  }
  return page(found, limit, null);
}

function isKeyOrder(terms: readonly OrderTerm[], entity: Entity): boolean {
  const [first] = terms;
  return first === undefined || (first.name.toLowerCase() === entity.key.toLowerCase() && !first.descending);
}

function comparator(terms: readonly OrderTerm[], reading: Reading): (a: Row, b: Row) => number {
  const steps = terms.map(({ name, descending }) => {
    const field = requireField(reading.entity, name);
    const value = (row: Row): Comparable =>
      field.name === 'SistEndretDato' ? row.at : toComparable(row.data[field.name]);
    return { value, sign: descending ? -1 : 1 };
  });
  return (a, b) => {
    for (const { value, sign } of steps) {
      const order = compareValues(value(a), value(b)) * sign;
      if (order !== 0) return order;
    }
    return compareValues(a.key, b.key);
  };
}

/** Nulls come first, as the databases behind such services sort them. */
function compareValues(a: Comparable, b: Comparable): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

/**
 * The rows a filter could let through, in key order, narrowed by the first condition that an index answers. The whole
 * filter is still tried on each of them.
 */
function candidates(store: Store, filter: Expression | null, reading: Reading): Iterable<Row> {
  for (const condition of filter === null ? [] : conjuncts(filter)) {
    const rows = narrowed(store, condition, reading);
    if (rows !== null) return rows;
  }
  return store.inOrder();
}

function conjuncts(expression: Expression): Expression[] {
  if (expression.kind !== 'and') return [expression];
  return [...conjuncts(expression.left), ...conjuncts(expression.right)];
}

function narrowed(store: Store, condition: Expression, reading: Reading): Iterable<Row> | null {
  const { entity } = reading;
  if (condition.kind !== 'compare' && condition.kind !== 'in') return null;
  if (condition.left.kind !== 'property') return null;
  const field = requireField(entity, condition.left.name);
  if (condition.kind === 'in') {
    if (field.name !== entity.key) return null;
    return rowsOf(
      store,
      condition.choices.map((choice) => ('value' in choice ? choice.value : null)),
    );
  }
  if (condition.right.kind !== 'literal' || condition.right.literal.type === 'null') return null;
  const { literal } = condition.right;
  const { op } = condition;
  if (literal.type === 'moment') {
    const after = field.name === 'SistEndretDato' && (op === 'gt' || op === 'ge');
    // A stamp shown as an instant is never later than the true time, so starting here misses none.
    return after ? store.changedSince(momentFor(field, literal.value, reading)) : null;
  }
  if (literal.type === 'boolean') return null;
  if (op === 'eq')
    return field.name === entity.key ? rowsOf(store, [literal.value]) : store.having(field.name, literal.value);
  if (field.name !== entity.key) return null;
  return op === 'gt' || op === 'ge' ? store.inOrder(store.position(literal.value)) : null;
}

function rowsOf(store: Store, values: readonly unknown[]): Row[] {
  const keys = [...new Set(values)].filter(
    (value): value is Key => typeof value === 'string' || typeof value === 'number',
  );
  const rows = keys.map((key) => store.get(key)).filter((row) => row !== undefined);
  return rows.toSorted((a, b) => compareValues(a.key, b.key));
}
