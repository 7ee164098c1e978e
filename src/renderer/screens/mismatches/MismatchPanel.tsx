import { useTranslation } from 'react-i18next';
import type { MismatchDetail } from '../../../shared/contract/views.ts';
import { SIDES } from '../../../shared/domain.ts';
import type { Client } from '../../bridge.ts';
import { OneRecordButton } from '../../one-record/OneRecordButton.tsx';
import { useApp } from '../../store.ts';
import { FlowIcon, LoadingState, ProblemNote } from '../../ui/parts.tsx';
import { byGroup, PropertyTable } from '../../ui/PropertyTable.tsx';
import { RecordPages } from '../../ui/RecordPages.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useWords } from '../../ui/use-words.ts';
import { Ids } from '../../ui/Ids.tsx';
import { Candidates } from './Candidates.tsx';
import { InQuestion } from './InQuestion.tsx';
import { LinkDialog } from './LinkDialog.tsx';
import { useFlowFinding, useMismatchLabel } from './use-mismatch-label.ts';
import { WaysOut } from './WaysOut.tsx';

const askMismatch = (client: Client, id: number) => client.mismatches.get({ id });

/** One mismatch: what it is, why, what can be done, and only the ways out that it really has. */
export function MismatchPanel({ id }: { readonly id: number | null }) {
  const { data, failure } = useCall(askMismatch, id);
  if (failure !== null) return <ProblemNote failure={failure} />;
  return data === null ? <LoadingState /> : <Mismatch mismatch={data} />;
}

function Mismatch({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  const linking = useApp((s) => s.mismatches.linking === mismatch.id);
  const label = useMismatchLabel()(mismatch);
  return (
    <div className="detail">
      <header>
        <p className="detail-over">
          <FlowIcon flow={mismatch.flow} size={16} /> {t(`flow.${mismatch.flow}`)}
          <Ids customerpId={mismatch.customerpId} tidsbankenId={mismatch.tidsbankenId} />
        </p>
        <h2>{label}</h2>
        <p className="detail-over">
          <RecordPages pages={mismatch.pages} />
          <CheckAgain mismatch={mismatch} />
        </p>
      </header>
      <Explanation mismatch={mismatch} />
      <InQuestion mismatch={mismatch} />
      <Candidates mismatch={mismatch} />
      <WaysOut mismatch={mismatch} />
      {mismatch.properties.length === 0 || isOfWholeFlow(mismatch) ? null : (
        <PropertyTable caption={t('property.caption', { label })} groups={byGroup(mismatch.properties)} />
      )}
      <Facts mismatch={mismatch} />
      {linking ? <LinkDialog mismatch={mismatch} /> : null}
    </div>
  );
}

/** It is about no record, so there are no values to show. */
const isOfWholeFlow = ({ customerpId, tidsbankenId }: MismatchDetail): boolean =>
  customerpId === null && tidsbankenId === null;

/** A person has mended it in the system itself: only these records are read again, and nothing is written. */
function CheckAgain({ mismatch: { flow, customerpId, tidsbankenId } }: { readonly mismatch: MismatchDetail }) {
  if (customerpId !== null)
    return <OneRecordButton record={{ flow, side: 'customerp', nativeId: customerpId }} does="check" />;
  if (tidsbankenId === null) return null;
  return <OneRecordButton record={{ flow, side: 'tidsbanken', nativeId: tidsbankenId }} does="check" />;
}

function Explanation({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  const words = useWords();
  const finding = useFlowFinding()(mismatch);
  const named = mismatch.detail['property'] ?? mismatch.group;
  const subject = named === null ? t('mismatch.subject') : words.group(named);
  const about = explanationOf(mismatch);
  const isUnconfirmed = mismatch.detail['confirmed'] === 'no';
  return (
    <div className="explained">
      <h3>{t(`mismatch.${about}.title`)}</h3>
      <p>{finding ?? t(`mismatch.${about}.what`, { ...mismatch.detail, subject })}</p>
      <Expected mismatch={mismatch} />
      {isUnconfirmed ? <p>{t('mismatches.unconfirmed')}</p> : null}
      <p className="dim">{t(`mismatch.${about}.why`, { subject })}</p>
      {isUnconfirmed ? null : <p>{t(`mismatch.${about}.${todoOf(mismatch)}`, { subject })}</p>}
    </div>
  );
}

const GONE: ReadonlySet<MismatchDetail['kind']> = new Set(['goneInCustomerp', 'goneInTidsbanken', 'goneVersusEdited']);

/** Archiving is advised only where it is a way out: not every kind of every system can be closed (2.3). */
const todoOf = ({ kind, takes }: MismatchDetail): 'todo' | 'todoNoArchive' =>
  GONE.has(kind) && !takes.includes('archive') ? 'todoNoArchive' : 'todo';

/** A number that the other system cannot take, or that a record of another pair or without a part in the sync has, has its own words. */
function explanationOf({
  kind,
  detail,
}: MismatchDetail): MismatchDetail['kind'] | 'idNotAllowed' | 'idUsedUp' | 'idLeftOut' | 'idLinked' {
  if (kind !== 'idCollision') return kind;
  if (detail['why'] === 'invalid') return 'idNotAllowed';
  if (detail['why'] === 'usedUp') return 'idUsedUp';
  if (detail['why'] === 'linked') return 'idLinked';
  return detail['why'] === 'leftOut' ? 'idLeftOut' : kind;
}

/** Where an invalid value stands, and what it should have been: the value itself is not kept. */
function Expected({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t, i18n } = useTranslation();
  if (mismatch.kind !== 'invalidValue') return null;
  const property = mismatch.properties.find((one) => one.property === mismatch.detail['property']);
  const kind = mismatch.detail['reason'] === 'required' ? 'required' : (property?.type ?? '');
  const key = `expects.${kind}`;
  const side = SIDES.find((one) => one === mismatch.detail['side']);
  return (
    <p>
      {side === undefined ? null : t('mismatches.standsIn', { system: t(`side.${side}`) })}{' '}
      {i18n.exists(key) ? t(key) : null}
    </p>
  );
}

/** Told elsewhere: values stand in the tables, the rest in the sentences. */
const TOLD = ['rail', 'op', 'count', 'limit', 'row', 'reason', 'confirmed', 'property', 'kind', 'from', 'to'];
const isTold = (fact: string): boolean => TOLD.includes(fact) || SIDES.some((side) => fact.startsWith(`${side}.`));

function Facts({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useWords();
  const factValue = useFactValue();
  const facts = Object.entries(mismatch.detail).filter(([name, value]) => !isTold(name) && value !== '');
  return (
    <dl className="facts">
      <dt>{t('mismatches.firstSeen')}</dt>
      <dd>{t('mismatches.seen', { when: format.moment(mismatch.firstSeenAt), count: mismatch.seenCount })}</dd>
      {facts.map(([name, value]) => (
        <FactRow key={name} name={words.fact(name)} value={factValue(name, value)} />
      ))}
    </dl>
  );
}

/** A fact of a finding as a person says it: systems by name, keys by what they are made of. */
function useFactValue(): (name: string, value: string) => string {
  const { t, i18n } = useTranslation();
  const words = useWords();
  return (name, value) => {
    if (SIDES.some((side) => side === value)) return t(`side.${value}`);
    if (name === 'keys') return value.split(', ').map(words.key).join(', ');
    return i18n.exists(`why.${value}`) ? t(`why.${value}`) : value;
  };
}

const FactRow = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);
