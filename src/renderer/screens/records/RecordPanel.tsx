import { Button, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RecordDetail, RecordKey, RecordRow } from '../../../shared/contract/views.ts';
import { DIRECTIONS, otherSide } from '../../../shared/domain.ts';
import type { Client } from '../../bridge.ts';
import { OneRecordButton } from '../../one-record/OneRecordButton.tsx';
import { app, useApp } from '../../store.ts';
import { ChangedText } from '../../ui/ChangedText.tsx';
import { ChooseRecord } from '../../ui/ChooseRecord.tsx';
import { FlowIcon, LoadingState, ProblemNote, SideName } from '../../ui/parts.tsx';
import { useWords } from '../../ui/use-words.ts';
import { byGroup, PropertyTable } from '../../ui/PropertyTable.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useFormat } from '../../ui/use-format.ts';
import { RecordHistory } from './RecordHistory.tsx';
import { RecordPages } from '../../ui/RecordPages.tsx';
import { RecordState } from './RecordState.tsx';
import { Dialog } from '../../ui/Dialog.tsx';

type LinkView = NonNullable<RecordDetail['link']>;

const askRecord = (client: Client, key: RecordKey) => client.records.get(key);

/** All that is known of one record: its counterpart, its values, its link, and what is open about it. */
export function RecordPanel({ row }: { readonly row: RecordRow | null }) {
  const key = row === null ? null : { flow: row.flow, side: row.side, nativeId: row.nativeId };
  const { data, failure } = useCall(askRecord, key);
  if (failure !== null) return <ProblemNote failure={failure} />;
  return data === null ? <LoadingState /> : <RecordView record={data} />;
}

function RecordView({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <div className="detail">
      <header>
        <p className="detail-over">
          <FlowIcon flow={record.flow} size={16} /> {t(`flow.${record.flow}`)} <SideName side={record.side} />
          <RecordState row={record} />
          <RecordPages pages={record.pages} />
        </p>
        <h2>{record.label}</h2>
        {record.reason === null ? null : <p className="dim">{words.because(record.reason)}</p>}
      </header>
      {record.link === null ? <Unlinked record={record} /> : <LinkFacts record={record} link={record.link} />}
      {record.properties.length === 0 ? null : (
        <PropertyTable caption={t('property.caption', { label: record.label })} groups={byGroup(record.properties)} />
      )}
      <OpenItems record={record} />
      <RecordHistory record={record} />
    </div>
  );
}

/** Why a record that belongs to the system itself is skipped: it has no counterpart to be linked to. */
const SYSTEM_RECORD = 'systemRecord';

const keyOf = ({ flow, side, nativeId }: RecordDetail): RecordKey => ({ flow, side, nativeId });

function Unlinked({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation();
  const asking = useApp((s) => s.records.asking === 'link');
  const { askRecord: ask, linkRecords } = app();
  const choose = (partner: string): void => {
    const [customerpId, tidsbankenId] =
      record.side === 'customerp' ? [record.nativeId, partner] : [partner, record.nativeId];
    void linkRecords(record.flow, customerpId, tidsbankenId);
  };
  return (
    <div className="link-facts">
      <h3>{t('link.section')}</h3>
      <p className="dim">{t('link.none', { system: t(`side.${otherSide(record.side)}`) })}</p>
      {record.reason === SYSTEM_RECORD ? null : (
        <div className="detail-actions">
          <OneRecordButton record={keyOf(record)} does="sync" />
          <Button size="xs" variant="default" onClick={() => ask('link')}>
            {t('take.link')}
          </Button>
          <SetAside record={record} />
        </div>
      )}
      {asking ? (
        <ChooseRecord
          title={t('link.title', { label: record.label })}
          flow={record.flow}
          side={otherSide(record.side)}
          candidates={[]}
          onClose={() => ask(null)}
          onChoose={choose}
        />
      ) : null}
    </div>
  );
}

/** A record without a link is left out by a person, or taken up again; a linked one is paused. */
function SetAside({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation();
  return (
    <Button size="xs" variant="default" onClick={() => void app().setRecordAside(keyOf(record), !record.isAside)}>
      {t(record.isAside ? 'link.takeUp' : 'link.setAside')}
    </Button>
  );
}

/** How a link came to be: by matching, and on which keys; by hand; or with the record itself. */
function useMadeBy(): (link: LinkView) => string {
  const { t, i18n } = useTranslation();
  const words = useWords();
  return ({ origin, keys }) => {
    const key = `origin.${origin}`;
    const how = i18n.exists(key) ? t(key) : origin;
    return origin === 'matched' && keys.length > 0 ? `${how} (${keys.map(words.key).join(', ')})` : how;
  };
}

interface LinkProps {
  readonly record: RecordDetail;
  readonly link: LinkView;
}

function LinkFacts({ record, link }: LinkProps) {
  const { t } = useTranslation();
  const madeBy = useMadeBy();
  const format = useFormat();
  return (
    <div className="link-facts">
      <h3>{t('link.section')}</h3>
      <dl className="facts">
        <dt>{t('link.state')}</dt>
        <dd>{t(`linkState.${link.state}`)}</dd>
        <dt>{t('link.ids')}</dt>
        <dd>
          <SideName side="customerp" short /> {link.customerpId} <SideName side="tidsbanken" short />{' '}
          {link.tidsbankenId}
        </dd>
        <dt>{t('link.made')}</dt>
        <dd>
          {format.moment(link.madeAt)} · {madeBy(link)}
        </dd>
      </dl>
      <LinkActions record={record} link={link} />
      <UnlinkDialog link={link} />
      <RelinkDialog record={record} link={link} />
    </div>
  );
}

function LinkActions({ record, link }: LinkProps) {
  const { t } = useTranslation();
  const { directLink, askRecord: ask } = app();
  const paused = link.direction === 'off';
  return (
    <div className="detail-actions">
      <OneRecordButton record={keyOf(record)} does="sync" />
      <Button size="xs" variant="default" onClick={() => void directLink(link.id, paused ? 'both' : 'off')}>
        {t(paused ? 'link.resume' : 'link.pause')}
      </Button>
      <NativeSelect
        size="xs"
        aria-label={t('link.direction')}
        value={link.direction}
        data={DIRECTIONS.map((value) => ({ value, label: t(`direction.${value}`) }))}
        onChange={(event) => {
          const direction = DIRECTIONS.find((one) => one === event.currentTarget.value);
          if (direction !== undefined) void directLink(link.id, direction);
        }}
      />
      <Button size="xs" variant="default" onClick={() => ask('relink')}>
        {t('link.relink')}
      </Button>
      <Button size="xs" variant="default" onClick={() => ask('unlink')}>
        {t('link.unlink')}
      </Button>
    </div>
  );
}

/** Another partner for this record: the former link ends in the same step. */
function RelinkDialog({ record, link }: LinkProps) {
  const { t } = useTranslation();
  const opened = useApp((s) => s.records.asking === 'relink');
  const { askRecord: ask, relinkRecords } = app();
  if (!opened) return null;
  const choose = (partner: string): void => {
    const [customerpId, tidsbankenId] =
      record.side === 'customerp' ? [link.customerpId, partner] : [partner, link.tidsbankenId];
    void relinkRecords(record.flow, customerpId, tidsbankenId);
  };
  return (
    <ChooseRecord
      title={t('link.relinkTitle', { label: record.label })}
      flow={record.flow}
      side={otherSide(record.side)}
      candidates={[]}
      onClose={() => ask(null)}
      onChoose={choose}
    />
  );
}

function UnlinkDialog({ link }: { readonly link: LinkView }) {
  const { t } = useTranslation();
  const opened = useApp((s) => s.records.asking === 'unlink');
  const { askRecord: ask, unlinkRecord } = app();
  return (
    <Dialog opened={opened} onClose={() => ask(null)} title={t('link.unlinkTitle')}>
      <div className="bulk">
        <p>{t('link.unlinkText')}</p>
        <div className="bulk-actions">
          <Button variant="default" onClick={() => ask(null)}>
            {t('action.cancel')}
          </Button>
          <Button color="red" onClick={() => void unlinkRecord(link.id)}>
            {t('take.unlink')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function OpenItems({ record }: { readonly record: RecordDetail }) {
  const { t } = useTranslation();
  const { filterReview, filterMismatches } = app();
  if (record.changes.length + record.mismatches.length === 0) return null;
  return (
    <div>
      <h3>{t('records.open')}</h3>
      <ul className="open-items">
        {record.changes.map((change) => (
          <li key={`change ${change.id}`}>
            <a href="#/review" onClick={() => filterReview({ flow: change.flow, find: change.label })}>
              {t(`op.${change.op}`)}: <ChangedText row={change} />
            </a>
          </li>
        ))}
        {record.mismatches.map((mismatch) => (
          <li key={`mismatch ${mismatch.id}`}>
            <a
              href="#/mismatches"
              onClick={() => filterMismatches({ flow: mismatch.flow, kind: mismatch.kind, find: mismatch.label })}
            >
              {t(`mismatch.${mismatch.kind}.title`)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
