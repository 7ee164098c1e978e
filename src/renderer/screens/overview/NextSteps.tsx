import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../shared/contract/views.ts';
import { mayRun } from '../../shell/may-run.ts';
import { app, useApp } from '../../store.ts';
import { useFormat } from '../../ui/use-format.ts';
import { typeTheirNumber } from '../review/HeldNote.tsx';
import { nextSteps } from './next-steps.ts';
import type { NextStep } from './next-steps.ts';

/** What to do next, in words, each with its button. */
export function NextSteps({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation();
  return (
    <section className="panel next" aria-label={t('next.title')}>
      <h2>{t('next.title')}</h2>
      <ul>
        {nextSteps(overview).map((next) => (
          <Step key={next.step} next={next} />
        ))}
      </ul>
    </section>
  );
}

/** Deciding goes on while a run is under way. */
const LOOKS_ONLY: ReadonlySet<NextStep['step']> = new Set(['held', 'review', 'mismatches']);

function Step({ next }: { readonly next: NextStep }) {
  const { t } = useTranslation();
  const format = useFormat();
  const busy = useApp((s) => !mayRun(s));
  const { goTo, applyApproved, startSync } = app();
  const act: Partial<Record<NextStep['step'], () => void>> = {
    left: () => void startSync(),
    interrupted: () => void startSync(),
    stopped: () => void startSync(),
    sync: () => void startSync(),
    held: () => {
      goTo('review');
      typeTheirNumber();
    },
    review: () => goTo('review'),
    apply: () => void applyApproved(),
    mismatches: () => goTo('mismatches'),
  };
  const run = act[next.step];
  const needsHost = !LOOKS_ONLY.has(next.step);
  return (
    <li>
      <span>
        {t(`next.${next.step}.text`, {
          count: next.count,
          shown: format.count(next.count),
          toLookUp: format.count(next.toLookUp ?? 0),
        })}
      </span>
      {run === undefined ? null : (
        <Button size="xs" variant="default" disabled={needsHost && busy} onClick={run}>
          {t(`next.${next.step}.button`)}
        </Button>
      )}
    </li>
  );
}
