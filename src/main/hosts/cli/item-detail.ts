import type { z } from 'zod';
import type { ChangeDetail, MismatchDetail, PropertyView } from '../../../shared/contract/views.ts';
import { assertNever, otherSide } from '../../../shared/domain.ts';
import type { MismatchKind, Side, Take } from '../../../shared/domain.ts';
import { SYSTEM_NAME } from '../../sync/words.ts';
import { mismatchSentence, valuesIn } from './mismatch-text.ts';
import { quoted } from './value-text.ts';

type Mismatch = z.output<typeof MismatchDetail>;
type Change = z.output<typeof ChangeDetail>;

/** The whole of a mismatch, as `review --item` shows it: values in full, candidates, and what each way out does. */
export function mismatchText(mismatch: Mismatch): string {
  const { kind, flow, label, customerpId, tidsbankenId, candidates, takes, suggests } = mismatch;
  const differing = differingOf(mismatch);
  const isHere = (view: PropertyView): boolean => mismatch.group === null || view.group === mismatch.group;
  const here = differing.filter(isHere);
  const elsewhere = differing.filter((view) => !isHere(view));
  const waysOut = takes.map(
    (take) => `${take}${take === suggests ? ' (suggested)' : ''}: ${wayOutText(take, mismatch)}`,
  );
  return [
    `mismatch:${String(mismatch.id)} ${kind}, ${flow}, ${label}`,
    idsText(customerpId, tidsbankenId),
    ...(here.length > 0 && mismatch.group !== null ? [] : [mismatchSentence(mismatch, candidates)]),
    ...section(mismatch.group === null ? 'Differing' : `Differing (${mismatch.group})`, here.map(sidesText)),
    ...section('Differing as well, and not decided here', elsewhere.map(sidesText)),
    ...section('Equal', isUnlinkedPair(mismatch) ? equalOf(mismatch).map(sidesText) : []),
    ...section('Candidates', candidates.map(candidateText)),
    ...section('Ways out', waysOut),
  ].join('\n');
}

/** The whole of a pending change: what is there, and what will be written. */
export function changeText(change: Change): string {
  const { op, target, flow, label, state, customerpId, tidsbankenId, problem, rail, waitsFor } = change;
  return [
    `change:${String(change.id)} ${op} in ${SYSTEM_NAME[target]}, ${flow}, ${label}`,
    `${idsText(customerpId, tidsbankenId)}; ${change.approved === 'all' ? 'approved' : state}${rail === null ? '' : `; held by the rail ${rail}`}`,
    ...(problem === null ? [] : [`${problem.what} ${problem.todo}`]),
    ...change.groupViews.flatMap(({ group, row, approved, properties }) =>
      section(
        `${group} (${row}${approved ? ', approved' : ''})`,
        properties.map(
          (view) =>
            `${view.property}: ${op === 'create' ? '' : `${quoted(view[target])} becomes `}${desiredText(view, target)}`,
        ),
      ),
    ),
    ...section('Waits for', waitsFor),
    ...section('Ways out', [
      'approve: the next Sync or apply writes it, if neither side has changed by then',
      'reject: it is not written, and not proposed again until a record changes',
      'later: decides nothing',
    ]),
  ].join('\n');
}

/** A reference is written as the counterpart of the record that the source refers to. */
function desiredText(view: Change['groupViews'][number]['properties'][number], target: Side): string {
  const source = otherSide(target);
  const refersTo = view.type === 'reference' && (view.desired ?? '') !== '' ? view[source] : undefined;
  return refersTo === undefined
    ? quoted(view.desired)
    : `the counterpart of ${SYSTEM_NAME[source]} ${quoted(refersTo)}`;
}

const section = (head: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${head}:`, ...lines.map((line) => `  ${line}`)];

const idsText = (customerpId: string | null, tidsbankenId: string | null): string =>
  `Customerp ${customerpId ?? '-'}, Tidsbanken ${tidsbankenId ?? '-'}`;

const sidesText = ({ property, customerp, tidsbanken }: PropertyView): string =>
  `${property}: Customerp ${quoted(customerp)}, Tidsbanken ${quoted(tidsbanken)}`;

const candidateText = ({ side, nativeId, label, agreesOn }: Mismatch['candidates'][number]): string =>
  `${SYSTEM_NAME[side]} ${nativeId} ${label}${agreesOn.length === 0 ? '' : `, agrees on ${agreesOn.join('; ')}`}`;

/** References are compared by link, so of the group in question they are told by the mismatch itself. */
function differingOf({ group, properties, detail }: Mismatch): PropertyView[] {
  const told = valuesIn(detail);
  return properties.filter((view) => {
    const values = told.get(view.property);
    const asReference = view.group === group && view.type === 'reference';
    return view.differs || (asReference && values !== undefined && values.customerp !== values.tidsbanken);
  });
}

const equalOf = ({ properties }: Mismatch): PropertyView[] =>
  properties.filter(
    ({ differs, type, customerp, tidsbanken }) =>
      !differs && type !== 'reference' && (customerp ?? '') !== '' && (tidsbanken ?? '') !== '',
  );

/** What two records agree on matters where the question is whether they belong together. */
const isUnlinkedPair = ({ kind }: Mismatch): boolean => kind === 'weakMatch' || kind === 'keyContradiction';

/** What a decision does; none of them writes before the next Sync or apply. */
function wayOutText(take: Take, mismatch: Mismatch): string {
  switch (take) {
    case 'customerp':
      return 'the next Sync or apply gives Tidsbanken the value of Customerp';
    case 'tidsbanken':
      return 'the next Sync or apply gives Customerp the value of Tidsbanken';
    case 'accept':
      return acceptText(mismatch.kind);
    case 'later':
      return 'decides nothing; it stays open';
    case 'link':
      return linkText(mismatch);
    case 'create':
      return 'the next Sync or apply creates its counterpart in the other system';
    case 'archive':
      return 'the next Sync or apply closes the record that remains; nothing is deleted';
    case 'recreate':
      return 'the next Sync or apply creates the missing record again, from the one that remains';
    case 'unlink':
      return 'ends the link; both records stay as they are';
    case 'ignore':
      return 'it is not shown again; nothing is written';
    case 'approve':
      return 'the next Sync or apply writes it';
    case 'reject':
      return 'it is not written';
    default:
      return assertNever(take);
  }
}

function acceptText(kind: MismatchKind): string {
  if (kind === 'identityChanged') return 'they still are the same two; the new number counts from now on';
  if (kind === 'rail') return 'you have checked the system itself; what it shows now is the new measure';
  return 'both keep their value; asked again when one of them changes';
}

function linkText({ customerpId, tidsbankenId, candidates }: Mismatch): string {
  const isPair = customerpId !== null && tidsbankenId !== null;
  if (isPair || candidates.length === 1) return 'these two belong together';
  return candidates.length === 0 ? 'link:ID names its counterpart' : 'link:ID names the right one of the candidates';
}
