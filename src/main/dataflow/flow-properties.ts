import { otherSide, SIDES } from '../../shared/domain.ts';
import type { Side } from '../../shared/domain.ts';
import type { Property } from '../mapping/mapping.ts';
import type { DataflowPair, PropertyRow } from './dataflow.ts';
import { ownProperty } from './own-row.ts';
import { subject, type Finding } from './report.ts';
import { nameOf, vendorProperty, type RowContext, type RowVerdict } from './vendor-row.ts';

interface Placed {
  readonly row: PropertyRow;
  readonly isOwn: boolean;
  /** The side that the document leads to. */
  readonly typesOf: Side;
  readonly verdict: RowVerdict;
}

export interface FlowProperties {
  readonly properties: readonly Property[];
  readonly findings: readonly Finding[];
}

/** The properties of all rows of a flow. Of rows that would write one field the one that fits best stands. */
export function flowProperties(pairs: readonly DataflowPair[], context: Omit<RowContext, 'typesOf'>): FlowProperties {
  const placed = pairs.flatMap((pair) => {
    const typesOf: Side = pair.target.isTidsbanken ? 'tidsbanken' : 'customerp';
    return pair.tables.flatMap(({ rows }) => rows.map((row) => place(row, { ...context, typesOf })));
  });
  const { rivals, copies } = standingRows(placed);
  const findings: Finding[] = [];
  const properties: Property[] = [];
  for (const one of placed) {
    const rival = rivals.get(one);
    const outcome = copies.get(one) ?? (rival === undefined ? one.verdict : lost(one, rival));
    findings.push(findingOf(one.row, outcome));
    if ((rival === undefined || copies.has(one)) && outcome.status !== 'refused')
      properties.push(named(outcome.property, properties, one.isOwn));
  }
  return { properties, findings };
}

const TOWARDS = { customerp: 'toCustomerp', tidsbanken: 'toTidsbanken' } as const;

/**
 * One field that feeds several of the other system: the row that fits best goes as promised, each other one only away from
 * that field, so that nothing is written to and fro.
 */
function copyOf({ verdict, typesOf }: Accepted, original: Accepted): Accepted['verdict'] {
  const { group: _group, ...property } = verdict.property;
  const why = `“${property[otherSide(typesOf)]}” belongs to the row on line ${String(original.row.line)}, so this one is a copy of it and goes one way only.`;
  return {
    ...verdict,
    status: 'adapted',
    why,
    property: { ...property, required: false, direction: TOWARDS[typesOf] },
  };
}

function place(row: PropertyRow, context: RowContext): Placed {
  const { typesOf } = context;
  if (row.own === null) return { row, isOwn: false, typesOf, verdict: vendorProperty(row, context) };
  const read = ownProperty(row, row.own);
  if (!read.ok) return { row, isOwn: true, typesOf, verdict: { status: 'refused', why: `${read.failure}.` } };
  return { row, isOwn: true, typesOf, verdict: { status: 'taken', property: read.value, why: '', rank: 0 } };
}

type Accepted = Placed & { readonly verdict: Exclude<RowVerdict, { status: 'refused' }> };
const isAccepted = (placed: Placed): placed is Accepted => placed.verdict.status !== 'refused';

interface Standing {
  /** For each row that must give way, the row that has its field: the one that fits better, else the one that comes first. */
  readonly rivals: ReadonlyMap<Placed, Accepted>;
  /** Of those, what can stand as a copy: nobody else writes where it leads. */
  readonly copies: ReadonlyMap<Placed, Accepted['verdict']>;
}

function standingRows(placed: readonly Placed[]): Standing {
  const rivals = new Map<Accepted, Accepted>();
  const holders = new Map<string, Accepted>();
  const contenders = placed.filter((one): one is Accepted => !one.isOwn && isAccepted(one));
  for (const one of contenders.toSorted((a, b) => a.verdict.rank - b.verdict.rank)) {
    const rival = holders.get(fieldOf(one, 'tidsbanken')) ?? holders.get(fieldOf(one, 'customerp'));
    if (rival === undefined) for (const side of SIDES) holders.set(fieldOf(one, side), one);
    else rivals.set(one, rival);
  }
  const copies = new Map<Placed, Accepted['verdict']>();
  for (const [one, original] of rivals) {
    const target = fieldOf(one, one.typesOf);
    if (holders.has(target) || !mayBeCopy(one)) continue;
    holders.set(target, one);
    copies.set(one, copyOf(one, original));
  }
  return { rivals, copies };
}

const fieldOf = ({ verdict }: Accepted, side: Side): string => `${side} ${verdict.property[side]}`;
/** What was turned around on a guess is no copy of anything. */
const mayBeCopy = ({ verdict: { property }, typesOf }: Accepted): boolean =>
  !property.key && !property.negated && (property.direction === 'both' || property.direction === TOWARDS[typesOf]);

const asWritten = ({ row }: Placed): string => `${row.partner.path}|${row.tidsbanken.path}`;

function lost(one: Placed, standing: Accepted): RowVerdict {
  const mine = isAccepted(one) ? one.verdict.property : undefined;
  const theirs = standing.verdict.property;
  const line = String(standing.row.line);
  const isSame = mine?.customerp === theirs.customerp && mine.tidsbanken === theirs.tidsbanken;
  if (isSame && asWritten(one) === asWritten(standing)) {
    return { status: 'adapted', property: theirs, rank: 0, why: `The same row stands on line ${line}.` };
  }
  const field =
    mine?.tidsbanken === theirs.tidsbanken
      ? `Tidsbanken's “${theirs.tidsbanken}”`
      : `Customerp's “${theirs.customerp}”`;
  return {
    status: 'refused',
    why: `${field} belongs to the row on line ${line}; two rows that write one field would swing for ever.`,
  };
}

function findingOf(row: PropertyRow, { status, why }: RowVerdict): Finding {
  return { line: row.line, part: 'row', status, subject: subject(`${row.partner.text} | ${row.tidsbanken.text}`), why };
}

/** Names made from a field are made unlike the others; names that a document gives stay. */
function named(property: Property, others: readonly Property[], isOwn: boolean): Property {
  const isTaken = (name: string): boolean => others.some((other) => other.name === name);
  if (isOwn || !isTaken(property.name)) return property;
  const bySide = nameOf(property.tidsbanken);
  for (let count = 1; ; count++) {
    const name = count === 1 ? bySide : `${bySide}${String(count)}`;
    if (!isTaken(name)) return { ...property, name };
  }
}
