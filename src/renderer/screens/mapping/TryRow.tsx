import { NativeSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MappingDraft, TryView } from '../../../shared/contract/mapping-views.ts';
import { otherSide, SIDES } from '../../../shared/domain.ts';
import type { Flow, Side } from '../../../shared/domain.ts';
import type { Client } from '../../bridge.ts';
import { useApp } from '../../store.ts';
import { SearchField, TYPING_PAUSE_MS } from '../../ui/filters.tsx';
import { ProblemNote, SideName } from '../../ui/parts.tsx';
import { useCall } from '../../ui/use-call.ts';
import { ValueText } from '../../ui/ValueDiff.tsx';
import type { DraftRow } from './draft.ts';
import { draftIn } from './slice.ts';

const OFFERED = 12;

interface Search {
  readonly flow: Flow;
  readonly side: Side;
  readonly find: string | undefined;
}
interface Trial extends MappingDraft {
  readonly row: string;
  readonly side: Side;
  readonly nativeId: string;
}
const askRecords = (client: Client, search: Search) => client.records.list({ ...search, offset: 0, limit: OFFERED });
const askTrial = (client: Client, trial: Trial) => client.mapping.try(trial);

/** The row on a real record, from the records that were read: nothing is sent. */
export function TryRow({ flow, row }: { readonly flow: Flow; readonly row: DraftRow }) {
  const { t } = useTranslation();
  const draft = useApp((s) => draftIn(s.mapping));
  const [side, setSide] = useState<Side>('customerp');
  const [find, setFind] = useState<string>();
  const [wanted] = useDebouncedValue(find, TYPING_PAUSE_MS);
  const [chosen, setChosen] = useState<string | null>(null);
  const { data } = useCall(askRecords, { flow, side, find: wanted });
  const records = data?.rows ?? [];
  const nativeId = records.find((record) => record.nativeId === chosen)?.nativeId ?? records[0]?.nativeId;
  const isOff = row.direction === 'off';
  const trial = nativeId === undefined || isOff ? null : { flow, ...draft, row: row.name, side, nativeId };
  const { data: tried, failure } = useCall(askTrial, trial);
  return (
    <section aria-label={t('mapping.try')}>
      <h3>{t('mapping.try')}</h3>
      {isOff ? <p className="dim">{t('mapping.tryOff')}</p> : null}
      <div className="toolbar">
        <NativeSelect
          size="xs"
          aria-label={t('filter.side')}
          value={side}
          data={SIDES.map((value) => ({ value, label: t(`side.${value}`) }))}
          onChange={(event) => setSide(SIDES.find((one) => one === event.currentTarget.value) ?? 'customerp')}
        />
        <SearchField label={t('records.find')} value={find} onFind={setFind} />
        <NativeSelect
          size="xs"
          aria-label={t('column.record')}
          value={nativeId ?? ''}
          data={records.map((record) => ({ value: record.nativeId, label: `${record.label} (${record.nativeId})` }))}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      </div>
      {data !== null && records.length === 0 ? <p className="dim">{t('mapping.tryNothing')}</p> : null}
      {failure === null ? null : <ProblemNote failure={failure} />}
      {tried === null ? null : <Steps tried={tried} />}
    </section>
  );
}

function Steps({ tried }: { readonly tried: TryView }) {
  const { t } = useTranslation();
  const to = otherSide(tried.side);
  return (
    <dl className="facts mapping-steps">
      <dt>
        <SideName side={tried.side} />
      </dt>
      <dd>
        <ValueText value={tried.value} />
      </dd>
      <dt>{t('mapping.sent')}</dt>
      <dd>
        {tried.sent.map(({ field, json }) => (
          <code key={field} className="mapping-sent">
            {field}: {json}
          </code>
        ))}
        {tried.leftOut === null ? null : t(`mapping.leftOut.${tried.leftOut}`)}
      </dd>
      {tried.there === undefined ? null : (
        <>
          <dt>{t('mapping.wouldShow', { system: t(`side.${to}`) })}</dt>
          <dd>
            <ValueText value={tried.there} />
          </dd>
        </>
      )}
      {tried.back === undefined ? null : (
        <>
          <dt>{t('mapping.comesBack')}</dt>
          <dd>
            <ValueText value={tried.back} />
          </dd>
        </>
      )}
      {tried.partner === null ? null : (
        <>
          <dt>
            <SideName side={to} /> {t('mapping.holdsNow')}
          </dt>
          <dd>
            <ValueText value={tried.partner.value} />
          </dd>
        </>
      )}
    </dl>
  );
}
