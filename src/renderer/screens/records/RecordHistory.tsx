import { useTranslation } from 'react-i18next';
import type { Provenance, RecordEvent, RecordRow } from '../../../shared/contract/views.ts';
import type { Client } from '../../bridge.ts';
import { LoadingState, ProblemNote, SideName } from '../../ui/parts.tsx';
import { presentValue } from '../../ui/present.ts';
import { useCall } from '../../ui/use-call.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useSpeech } from '../../ui/use-speech.ts';
import { useWords } from '../../ui/use-words.ts';
import { ValueText } from '../../ui/ValueDiff.tsx';
import { UndoButton } from '../../undo/UndoButton.tsx';

type RecordKey = Pick<RecordRow, 'flow' | 'side' | 'nativeId'>;

const askHistory = (client: Client, key: RecordKey) => client.records.history(key);

/** Where a record's values come from, and what happened to it, as far as the journal knows. */
export function RecordHistory({ record }: { readonly record: RecordKey }) {
  const { t } = useTranslation();
  const { flow, side, nativeId } = record;
  const { data, failure } = useCall(askHistory, { flow, side, nativeId });
  if (failure !== null) return <ProblemNote failure={failure} />;
  if (data === null) return <LoadingState />;
  return (
    <>
      {data.provenance.length === 0 ? null : <ProvenanceTable rows={data.provenance} />}
      <h3>{t('timeline.title')}</h3>
      {data.events.length === 0 ? <p className="dim">{t('timeline.empty')}</p> : <Timeline events={data.events} />}
      {data.isCut ? <p className="dim">{t('timeline.cut')}</p> : null}
    </>
  );
}

function ProvenanceTable({ rows }: { readonly rows: readonly Provenance[] }) {
  const { t } = useTranslation();
  return (
    <details className="provenance">
      <summary>{t('provenance.title')}</summary>
      <table className="properties">
        <caption className="visually-hidden">{t('provenance.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('property.name')}</th>
            <th scope="col">{t('provenance.from')}</th>
            <th scope="col">{t('provenance.why')}</th>
            <th scope="col">{t('provenance.before')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ProvenanceRow key={row.property} row={row} />
          ))}
        </tbody>
      </table>
    </details>
  );
}

function ProvenanceRow({ row }: { readonly row: Provenance }) {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  const speech = useSpeech();
  const why = useWhy();
  return (
    <tr>
      <th scope="row">{words.property(row.property)}</th>
      <td>
        <SideName side={row.from} />
      </td>
      <td>
        {why(row)}
        <span className="cell-sub">
          {[format.moment(row.at), ...(row.runId === null ? [] : [t('history.number', { id: row.runId })])].join(' · ')}
        </span>
      </td>
      <td>
        <ValueText value={presentValue(row.type, row.before, speech)} />
      </td>
    </tr>
  );
}

/** A rule approves under its own name; anyone else is a person. */
const RULE = 'rule:';

function useWhy(): (row: Pick<Provenance, 'rule' | 'approvedBy'>) => string {
  const { t, i18n } = useTranslation();
  return ({ rule, approvedBy }) => {
    const key = `rule.${rule ?? ''}`;
    const because = i18n.exists(key) ? t(key) : t('provenance.unknown');
    if (approvedBy === null) return because;
    const who = approvedBy.startsWith(RULE) ? t('provenance.byRule') : t('provenance.by', { who: approvedBy });
    return `${because} · ${who}`;
  };
}

/** The event of a write that was read back. */
const WRITTEN = 'verified';

function Timeline({ events }: { readonly events: readonly RecordEvent[] }) {
  return (
    <ol className="timeline">
      {events.map((event) => (
        <TimelineEvent key={event.seq} event={event} />
      ))}
    </ol>
  );
}

function TimelineEvent({ event }: { readonly event: RecordEvent }) {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  const speech = useSpeech();
  const about = [
    format.moment(event.at),
    ...(event.runId === null ? [] : [t('history.number', { id: event.runId })]),
    ...(event.person === null ? [] : [event.person]),
  ];
  return (
    <li>
      <p>
        <strong>{words.event(event.event)}</strong>{' '}
        {event.target === null ? null : <SideName side={event.target} short />}
        <span className="cell-sub">{about.join(' · ')}</span>
      </p>
      {event.event === WRITTEN && event.change !== null ? (
        <UndoButton scope={{ change: event.change }} title={t('undo.changeTitle')} size="compact-xs" />
      ) : null}
      {event.values.map(({ property, type, before, after }) => (
        <p key={property} className="timeline-value">
          {words.property(property)}: <ValueText value={presentValue(type, before, speech)} /> →{' '}
          <ValueText value={presentValue(type, after, speech)} />
        </p>
      ))}
    </li>
  );
}
