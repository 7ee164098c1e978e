import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  ChecklistLine,
  ChecklistRule,
  ChecklistView,
  TickView,
} from '../../../shared/contract/checklist-views.ts';
import { FLOWS, otherSide } from '../../../shared/domain.ts';
import type { Flow } from '../../../shared/domain.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { LoadingState, ProblemNote, ProblemText, ScreenHead, SideName, StateBadge } from '../../ui/parts.tsx';
import type { Tone } from '../../ui/parts.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useFormat } from '../../ui/use-format.ts';
import { COARSE_MS, useNow } from '../../ui/use-now.ts';
import { useWords } from '../../ui/use-words.ts';
import './checklist.css';

const askChecklist = (client: Client, flow: Flow) => client.checklist.get({ flow });

/** What the dataflow document promises, line by line, and when each was last seen to hold on test records (7.6). */
export function ChecklistScreen() {
  const { t } = useTranslation();
  const flow = useApp((s) => s.checklist.flow);
  const { data, failure } = useCall(askChecklist, flow);
  return (
    <>
      <ScreenHead title={t('screen.checklist')} lead={t('checklist.lead')}>
        <SegmentedControl
          size="xs"
          aria-label={t('filter.flow')}
          value={flow}
          onChange={(value) => app().showChecklist(FLOWS.find((one) => one === value) ?? flow)}
          data={FLOWS.map((value) => ({ value, label: t(`flow.${value}`) }))}
        />
      </ScreenHead>
      {failure === null ? null : <ProblemNote failure={failure} onRetry={() => app().changed()} />}
      {data === null ? failure === null ? <LoadingState /> : null : <Living view={data} />}
    </>
  );
}

function Living({ view }: { readonly view: ChecklistView }) {
  const { t } = useTranslation();
  return (
    <>
      <Unfinished view={view} />
      <TestRecord flow={view.flow} />
      <section className="panel checklist-part" aria-label={t('checklist.rules')}>
        <h2>{t('checklist.rules')}</h2>
        <Rules rules={view.rules} />
      </section>
      <section className="panel checklist-part" aria-label={t('checklist.rows')}>
        <h2>{t('checklist.rows')}</h2>
        <Lines lines={view.lines} />
      </section>
    </>
  );
}

/** Test values that still stand: told first, with the way to put them back. */
function Unfinished({ view }: { readonly view: ChecklistView }) {
  const { t } = useTranslation();
  const starting = useApp((s) => s.checklist.starting || s.running !== null);
  if (view.unfinished.length === 0) return null;
  return (
    <section className="panel checklist-part" data-tone="bad" aria-label={t('checklist.unfinished')}>
      <h2>{t('checklist.unfinished')}</h2>
      {view.unfinished.map((problem) => (
        <ProblemText key={problem.what} problem={problem} />
      ))}
      <Button size="xs" loading={starting} onClick={() => void app().putBackChecklist()}>
        {t('checklist.putBack')}
      </Button>
    </section>
  );
}

function TestRecord({ flow }: { readonly flow: Flow }) {
  const { t, i18n } = useTranslation();
  const about = useId();
  const nativeId = useApp((s) => s.checklist.records[flow] ?? '');
  const running = useApp((s) => s.running !== null);
  const starting = useApp((s) => s.checklist.starting);
  const begin = (event: React.FormEvent): void => {
    event.preventDefault();
    void app().verifyChecklist(i18n.language === 'nb' ? 'nb' : 'en');
  };
  return (
    <form className="panel checklist-form" onSubmit={begin}>
      <p id={about}>{t('checklist.about')}</p>
      <div className="toolbar">
        <TextInput
          size="xs"
          label={t('checklist.record', { flow: t(`flowPair.${flow}`) })}
          aria-describedby={about}
          value={nativeId}
          onChange={(event) => app().nameTestRecord(flow, event.currentTarget.value)}
        />
        <Button type="submit" size="xs" loading={starting} disabled={running || nativeId.trim() === ''}>
          {t('checklist.verify')}
        </Button>
        {running ? (
          <Button size="xs" variant="default" onClick={() => void app().stop()}>
            {t('checklist.stop')}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

function Lines({ lines }: { readonly lines: readonly ChecklistLine[] }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <table className="checklist-table">
      <thead>
        <tr>
          <th scope="col">{t('checklist.property')}</th>
          <th scope="col">{t('checklist.arrives', { system: t('side.tidsbanken') })}</th>
          <th scope="col">{t('checklist.arrives', { system: t('side.customerp') })}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ property, fields, to }) => (
          <tr key={property}>
            <th scope="row">
              <span className="cell-main">{words.property(property)}</span>
              <span className="cell-sub">
                {fields.customerp} ↔ {fields.tidsbanken}
              </span>
            </th>
            <td>
              <Tick tick={to.tidsbanken.tick} not={to.tidsbanken.not} />
            </td>
            <td>
              <Tick tick={to.customerp.tick} not={to.customerp.not} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Rules({ rules }: { readonly rules: readonly ChecklistRule[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const text = ({ rule, to, key }: ChecklistRule): React.ReactNode => {
    if (rule === 'merged') return t('checklist.rule.merged', { key: words.key(key ?? '') });
    if (to === null) return t(`checklist.rule.${rule}`);
    // Kept in sync from the side on which it was edited.
    const side = rule === 'inSync' ? otherSide(to) : to;
    return (
      <>
        {t(`checklist.rule.${rule}`)} <SideName side={side} />
      </>
    );
  };
  return (
    <ul className="checklist-rules">
      {rules.map((line) => (
        <li key={`${line.rule} ${line.to ?? ''} ${line.key ?? ''}`}>
          <span>{text(line)}</span>
          <Tick tick={line.tick} not={null} />
        </li>
      ))}
    </ul>
  );
}

const TONES: Readonly<Record<TickView['verdict'], Tone>> = { passed: 'good', failed: 'bad', notApplicable: 'calm' };

/** What was last found, why, and how long ago; the mapping's own word where it rules a test out. */
function Tick({
  tick,
  not,
}: {
  readonly tick: TickView | null;
  readonly not: ChecklistLine['to']['customerp']['not'];
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(COARSE_MS);
  const why = tick?.why ?? not;
  if (tick === null)
    return (
      <span className="checklist-tick">
        <StateBadge tone={not === null ? 'waiting' : 'calm'}>
          {t(not === null ? 'checklist.notYet' : 'checklist.verdict.notApplicable')}
        </StateBadge>
        {why === null ? null : <span className="cell-sub">{t(`checklist.why.${why}`)}</span>}
      </span>
    );
  return (
    <span className="checklist-tick">
      <StateBadge tone={TONES[tick.verdict]}>{t(`checklist.verdict.${tick.verdict}`)}</StateBadge>
      <span className="cell-sub">
        {why === null ? null : <span>{t(`checklist.why.${why}`)} · </span>}
        <time dateTime={new Date(tick.at).toISOString()} title={format.moment(tick.at)}>
          {format.ago(tick.at, now)}
        </time>
      </span>
    </span>
  );
}
