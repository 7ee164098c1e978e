import { Progress as Bar } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Progress } from '../../../shared/contract/views.ts';
import { RUN_STAGES } from '../../../shared/domain.ts';
import { DoneIcon } from '../../ui/icons.ts';
import { SideName } from '../../ui/parts.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useNow } from '../../ui/use-now.ts';
import { paceOf } from './pace.ts';

/** Rate and time left also move when no event comes. */
const TICK_MS = 500;

/** A run under way: where it is, how far, how fast, how long still. */
export function RunPanel({ progress }: { readonly progress: Progress }) {
  const { t } = useTranslation();
  const format = useFormat();
  const flow = progress.flow === null ? '' : ` · ${t(`flow.${progress.flow}`)}`;
  return (
    <section className="panel run" aria-label={t('run.label')}>
      <Stages at={progress.stage} />
      <div className="run-line">
        {/* Only the stage is announced: counts that change ten times a second would drown everything else. */}
        <output className="run-stage">
          {progress.stopping ? t('run.stopping') : `${t(`stage.${progress.stage}`)}${flow}`}
        </output>
        {progress.side === null ? null : <SideName side={progress.side} />}
        <Figures progress={progress} />
      </div>
      <StageBar progress={progress} />
      {progress.stopping && progress.total !== null && progress.total > progress.done ? (
        <p>
          {t('run.remains', {
            count: progress.total - progress.done,
            shown: format.count(progress.total - progress.done),
          })}
        </p>
      ) : null}
      <p className="run-record">{progress.record ?? ' '}</p>
    </section>
  );
}

function Stages({ at }: { readonly at: Progress['stage'] }) {
  const { t } = useTranslation();
  const now = RUN_STAGES.indexOf(at);
  return (
    <ol className="stages">
      {RUN_STAGES.map((stage, index) => {
        const state = index < now ? 'done' : index === now ? 'now' : 'later';
        return (
          <li key={stage} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <span className="stage-mark" aria-hidden>
              {state === 'done' ? <DoneIcon size={13} stroke={2.5} /> : index + 1}
            </span>
            {t(`stage.${stage}`)}
          </li>
        );
      })}
    </ol>
  );
}

function StageBar({ progress }: { readonly progress: Progress }) {
  const { t } = useTranslation();
  const percent = progress.total ? Math.min(100, (progress.done / progress.total) * 100) : 100;
  return (
    <Bar.Root size="md">
      <Bar.Section
        value={percent}
        striped={progress.total === null}
        animated={progress.total === null}
        aria-label={t(`stage.${progress.stage}`)}
      />
    </Bar.Root>
  );
}

function Figures({ progress }: { readonly progress: Progress }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { perSecond, secondsLeft } = paceOf(progress, useNow(TICK_MS));
  return (
    <p className="run-figures">
      <strong>
        {progress.total === null
          ? format.count(progress.done)
          : t('run.of', { done: format.count(progress.done), total: format.count(progress.total) })}
      </strong>
      {perSecond === null ? null : <span>{t('run.rate', { rate: format.count(Math.round(perSecond)) })}</span>}
      {secondsLeft === null ? null : <span>{t('run.left', { time: format.seconds(secondsLeft) })}</span>}
    </p>
  );
}
