import type { z } from 'zod';
import type { CandidateView, MismatchRow } from '../../../shared/contract/views.ts';
import { SIDES, assertNever, otherSide } from '../../../shared/domain.ts';
import type { MismatchKind, Pair, Side } from '../../../shared/domain.ts';
import { SYSTEM_NAME } from '../../sync/words.ts';
import { comparable } from './value-text.ts';

export type Candidate = z.output<typeof CandidateView>;
type Told = Pick<MismatchRow, 'kind' | 'detail'>;

/** Properties in one line; `review --item` shows them all. */
const MOST_PROPERTIES = 3;

/** Kinds whose sentence names the records that could be the counterpart; the rows of a list do not carry them. */
export const NAMES_CANDIDATES: ReadonlySet<string> = new Set<MismatchKind>([
  'severalCandidates',
  'weakMatch',
  'sharedKey',
  'keyContradiction',
  'reappeared',
  'outcomeUnknown',
]);

/** One sentence to decide on: the differing values, the candidates, or what went wrong. */
export function mismatchSentence(row: Told, candidates: readonly Candidate[] = []): string {
  const { detail } = row;
  const { property } = detail;
  switch (row.kind) {
    case 'onlyInCustomerp':
      return 'no counterpart in Tidsbanken';
    case 'onlyInTidsbanken':
      return 'no counterpart in Customerp';
    case 'severalCandidates':
      return `${candidateText(candidates) || 'several records'} could be it${agreeing(detail)}`;
    case 'weakMatch':
      return `${candidateText(candidates) || 'the other'} looks like it${agreeing(detail)}; no number proves it`;
    case 'sharedKey':
      return joined(`${detail['keys'] ?? 'a number'}: several records hold the same`, candidateText(candidates));
    case 'keyContradiction':
      return candidates.some(({ linked }) => linked)
        ? `${detail['keys'] ?? 'a number'}: leads to ${candidateText(candidates)}, which is linked already`
        : `${detail['keys'] ?? 'a number'}: joins the two, another number parts them`;
    case 'reappeared':
      return joined('it or its only partner was unlinked, ignored or gone before', candidateText(candidates));
    case 'firstDifference':
    case 'bothEdited':
    case 'clearedVersusEdited':
    case 'againstDirection':
    case 'transformed':
    case 'notPersisted':
    case 'changedMeanwhile':
    case 'flapping':
      return differencesText(detail);
    case 'goneInCustomerp':
    case 'goneInTidsbanken':
    case 'goneVersusEdited':
      return goneText(row);
    case 'identityChanged':
      return identityText(detail);
    case 'unlinkedReference':
      return property === undefined
        ? `refers to a record${place(detail)} without a counterpart`
        : `${property}${place(detail)}: refers to ${detail['kind'] ?? 'record'} ${detail['nativeId'] ?? ''}, which has no counterpart`;
    case 'invalidValue':
      return `${property ?? 'a value'}${place(detail)}: ${reasonText(detail['reason'])}`;
    case 'outcomeUnknown':
      return joined(outcomeText(detail), candidateText(candidates));
    case 'idCollision':
      return collisionText(detail);
    case 'timeShift':
    case 'rail':
      return railText(detail);
    case 'shapeChanged':
      return `${property ?? 'a field'}${place(detail)}: no longer delivered`;
    case 'incompleteCollection':
      return `not everything${place(detail)} could be read: ${detail['why'] ?? ''}`;
    default:
      return assertNever(row.kind);
  }
}

/** The values of a detail by property, as far as it carries values. */
export function valuesIn(detail: Told['detail']): Map<string, Pair<string | undefined>> {
  const names = Object.keys(detail).flatMap((name) => SIDES.flatMap((side) => afterDot(name, side)));
  return new Map(
    names.map((name) => [name, { customerp: detail[`customerp.${name}`], tidsbanken: detail[`tidsbanken.${name}`] }]),
  );
}

function differencesText(detail: Told['detail']): string {
  const all = [...valuesIn(detail)];
  const unequal = all.filter(([, { customerp, tidsbanken }]) => customerp !== tidsbanken);
  // References may have the same id in both systems and still mean different records.
  const differing = unequal.length > 0 ? unequal : all;
  if (differing.length === 0) return 'the values are not shown';
  const parts = differing.slice(0, MOST_PROPERTIES).map(([property, values]) => {
    const { customerp, tidsbanken } = comparable(values);
    return `${property}: Customerp ${customerp}, Tidsbanken ${tidsbanken}`;
  });
  const more = differing.length - parts.length;
  return `${parts.join('; ')}${more > 0 ? `; ${String(more)} more` : ''}`;
}

const agreeing = (detail: Told['detail']): string =>
  detail['keys'] === undefined ? '' : ` (${detail['keys']} agrees)`;

function candidateText(candidates: readonly Candidate[]): string {
  const [first] = candidates;
  return first === undefined
    ? ''
    : `${SYSTEM_NAME[first.side]} ${candidates.map(({ nativeId }) => nativeId).join(', ')}`;
}

function goneText({ kind, detail }: Told): string {
  const lost = sideIn(detail, 'goneIn') ?? (kind === 'goneInTidsbanken' ? 'tidsbanken' : 'customerp');
  const edited = kind === 'goneVersusEdited' ? `, edited in ${SYSTEM_NAME[otherSide(lost)]}` : '';
  const sure = detail['confirmed'] === 'no' ? '; not confirmed by a second full reading yet' : '';
  return `gone in ${SYSTEM_NAME[lost]}${edited}${sure}`;
}

const identityText = (detail: Told['detail']): string =>
  Object.entries(detail)
    .flatMap(([name, change]) =>
      SIDES.flatMap((side) => afterDot(name, side).map((key) => `${key}: in ${SYSTEM_NAME[side]} ${change}`)),
    )
    .join('; ');

const reasonText = (reason: string | undefined): string => {
  if (reason === 'required') return 'required, and empty';
  return reason === undefined || reason === '' ? 'cannot be read as what it should be' : reason;
};

function outcomeText(detail: Told['detail']): string {
  const target = sideIn(detail, 'target');
  const write = `the ${detail['op'] ?? 'write'}${target === null ? '' : ` in ${SYSTEM_NAME[target]}`} got no readable answer`;
  return detail['why'] === undefined ? write : `${write}: ${detail['why']}`;
}

function collisionText(detail: Told['detail']): string {
  const { property, id = '', why = '' } = detail;
  const where = sideIn(detail, 'side');
  if (property === undefined)
    return `the number ${id} belongs to another record${where === null ? '' : ` in ${SYSTEM_NAME[where]}`}: ${why}`;
  if (why === 'usedUp')
    return `${property}: ${id === '' ? 'empty' : `${id} cannot be used`}, and no number from ${detail['from'] ?? ''} to ${detail['to'] ?? ''} is left`;
  if (id === '') return `${property}: empty, and the new record needs one`;
  return `${property}: ${id} is ${why === 'taken' ? 'taken' : 'not allowed'}`;
}

function railText(detail: Told['detail']): string {
  const { rail = '', op = '', count = '', limit = '' } = detail;
  const side = sideIn(detail, 'side');
  const words = [rail, op, side === null ? '' : `in ${SYSTEM_NAME[side]}`].filter((word) => word !== '');
  return `${words.join(' ')}: ${count}, limit ${limit}`;
}

const place = (detail: Told['detail']): string => {
  const side = sideIn(detail, 'side');
  return side === null ? '' : ` in ${SYSTEM_NAME[side]}`;
};

const sideIn = (detail: Told['detail'], name: string): Side | null =>
  SIDES.find((side) => side === detail[name]) ?? null;

const afterDot = (name: string, side: Side): string[] =>
  name.startsWith(`${side}.`) ? [name.slice(side.length + 1)] : [];

const joined = (what: string, who: string): string => (who === '' ? what : `${what}: ${who}`);
