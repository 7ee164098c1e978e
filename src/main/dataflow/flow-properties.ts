import type { Side } from '../../shared/domain.ts';
import type { Property } from '../mapping/mapping.ts';
import type { DataflowPair, PropertyRow } from './dataflow.ts';
import { ownProperty } from './own-row.ts';
import { subject, type Finding } from './report.ts';
import { nameOf, vendorProperty, type RowContext, type RowVerdict } from './vendor-row.ts';

interface Placed {
  readonly row: PropertyRow;
  readonly isOwn: boolean;
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
  const standing = standingRows(placed);
  const findings: Finding[] = [];
  const properties: Property[] = [];
  for (const one of placed) {
    const rival = standing.get(one);
    const outcome = rival === undefined ? one.verdict : lost(one, rival);
    findings.push(findingOf(one.row, outcome));
    if (rival === undefined && outcome.status !== 'refused')
      properties.push(named(outcome.property, properties, one.isOwn));
  }
  return { properties, findings };
}

function place(row: PropertyRow, context: RowContext): Placed {
  if (row.own === null) return { row, isOwn: false, verdict: vendorProperty(row, context) };
  const read = ownProperty(row, row.own);
  if (!read.ok) return { row, isOwn: true, verdict: { status: 'refused', why: `${read.failure}.` } };
  return { row, isOwn: true, verdict: { status: 'taken', property: read.value, why: '', rank: 0 } };
}

type Accepted = Placed & { readonly verdict: Exclude<RowVerdict, { status: 'refused' }> };
const isAccepted = (placed: Placed): placed is Accepted => placed.verdict.status !== 'refused';

/** For each row that must give way, the row that has its field: the one that fits better, else the one that comes first. */
function standingRows(placed: readonly Placed[]): ReadonlyMap<Placed, Accepted> {
  const rivals = new Map<Placed, Accepted>();
  const holders = new Map<string, Accepted>();
  const contenders = placed.filter((one): one is Accepted => !one.isOwn && isAccepted(one));
  for (const one of contenders.toSorted((a, b) => a.verdict.rank - b.verdict.rank)) {
    const { customerp, tidsbanken } = one.verdict.property;
    const rival = holders.get(`T ${tidsbanken}`) ?? holders.get(`E ${customerp}`);
    if (rival !== undefined) rivals.set(one, rival);
    else holders.set(`T ${tidsbanken}`, one).set(`E ${customerp}`, one);
  }
  return rivals;
}

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
