import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../shared/contract/views.ts';
import { mayRun } from '../../shell/may-run.ts';
import { app, useApp } from '../../store.ts';
import { DoneIcon } from '../../ui/icons.ts';

const STEPS = ['sync', 'review', 'apply'] as const;
type Step = (typeof STEPS)[number];

/** Which of the three first steps comes next, from what the overview says. */
export function nextStep(overview: Overview): Step | null {
  const pending = overview.flows.filter((flow) => flow.firstReviewPending);
  if (pending.length === 0) return null;
  if (pending.some((flow) => flow.waiting > 0)) return 'review';
  if (pending.some((flow) => flow.approved > 0)) return 'apply';
  return overview.lastRun === null ? 'sync' : null;
}

/** The first run of a flow writes nothing until a person has reviewed it; said before anyone has to wonder. */
export function FirstSteps({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation();
  const next = nextStep(overview);
  const approved = overview.flows.reduce((sum, flow) => sum + flow.approved, 0);
  const busy = useApp((s) => !mayRun(s));
  if (next === null) return null;
  const { goTo, applyApproved, startSync } = app();
  const act = {
    sync: { label: t('firstSteps.sync.button'), run: () => void startSync() },
    review: { label: t('firstSteps.review.button'), run: () => goTo('review') },
    apply: { label: t('firstSteps.apply.button', { count: approved }), run: () => void applyApproved() },
  } as const satisfies Record<Step, unknown>;
  return (
    <section className="panel first" aria-label={t('firstSteps.label')}>
      <div>
        <h2>{t('firstSteps.title')}</h2>
        <p>{t('firstSteps.text')}</p>
      </div>
      <ol className="first-steps">
        {STEPS.map((step, index) => {
          const state = step === next ? 'now' : index < STEPS.indexOf(next) ? 'done' : 'later';
          return (
            <li key={step} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
              <span className="stage-mark" aria-hidden>
                {state === 'done' ? <DoneIcon size={13} stroke={2.5} /> : index + 1}
              </span>
              <div>
                <strong>{t(`firstSteps.${step}.title`)}</strong>
                <p>{t(`firstSteps.${step}.text`)}</p>
              </div>
            </li>
          );
        })}
      </ol>
      <Button className="first-button" disabled={busy} onClick={act[next].run}>
        {act[next].label}
      </Button>
    </section>
  );
}
