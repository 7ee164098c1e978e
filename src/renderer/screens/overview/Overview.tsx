import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProblemView } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { HealthIcon, StopIcon, SyncIcon } from '../../ui/icons.ts';
import { LoadingState, ProblemNote, ScreenHead } from '../../ui/parts.tsx';
import { RunProblems } from '../../ui/RunProblems.tsx';
import { FirstSteps, nextStep } from './FirstSteps.tsx';
import { FlowCards } from './FlowCards.tsx';
import { LastRun } from './LastRun.tsx';
import { NextSteps } from './NextSteps.tsx';
import { RecentRuns } from './RecentRuns.tsx';
import { RunPanel } from './RunPanel.tsx';
import { Systems } from './Systems.tsx';
import './overview.css';

export function OverviewScreen() {
  const { t } = useTranslation();
  const overview = useApp((s) => s.overview);
  const failure = useApp((s) => s.overviewFailure);
  const running = useApp((s) => s.running);
  return (
    <>
      <ScreenHead title={t('screen.overview')} lead={t('overview.lead')}>
        <RunButtons />
      </ScreenHead>
      {failure === null ? null : <ProblemNote failure={failure} onRetry={() => void app().refreshOverview()} />}
      {overview === null ? (
        failure === null && <LoadingState />
      ) : (
        <>
          {running === null ? <FirstSteps overview={overview} /> : <RunPanel progress={running} />}
          {running !== null || nextStep(overview) !== null ? null : <NextSteps overview={overview} />}
          <Unfinished problems={overview.unfinished ?? []} />
          <FlowCards flows={overview.flows} />
          <div className="overview-lower">
            <LastRun run={overview.lastRun} />
            <div className="overview-column">
              <RecentRuns runs={overview.recentRuns} />
              <Systems systems={overview.systems} lastRun={overview.lastRun} />
            </div>
          </div>
        </>
      )}
    </>
  );
}

/** Test values that a checklist left; the screen Checklist puts back what stood there (7.6). */
function Unfinished({ problems }: { readonly problems: readonly ProblemView[] }) {
  const { t } = useTranslation();
  if (problems.length === 0) return null;
  return (
    <section className="panel" aria-label={t('checklist.unfinished')}>
      <h2>{t('checklist.unfinished')}</h2>
      <RunProblems problems={problems} />
      <Button size="xs" mt="xs" variant="default" onClick={() => app().goTo('checklist')}>
        {t('screen.checklist')}
      </Button>
    </section>
  );
}

function RunButtons() {
  const { t } = useTranslation();
  const asking = useApp((s) => s.asking);
  const running = useApp((s) => s.running);
  const ready = useApp((s) => s.client !== null);
  const isHeld = useApp((s) => s.overview?.elsewhere !== undefined || s.overview?.store !== undefined);
  // The first run reads everything anyway.
  const hasRun = useApp((s) => (s.overview?.lastRun ?? null) !== null);
  const { checkSystems, startFullSync, startSync, stop } = app();
  return (
    <>
      <Button
        variant="default"
        leftSection={<HealthIcon size={18} aria-hidden />}
        loading={asking === 'check'}
        disabled={!ready}
        onClick={() => void checkSystems()}
      >
        {t('action.check')}
      </Button>
      {running === null ? (
        <>
          {hasRun ? (
            <Button
              variant="default"
              title={t('action.syncFullHint')}
              loading={asking === 'syncFull'}
              disabled={!ready || isHeld || asking === 'sync'}
              onClick={() => void startFullSync()}
            >
              {t('action.syncFull')}
            </Button>
          ) : null}
          <Button
            leftSection={<SyncIcon size={18} aria-hidden />}
            loading={asking === 'sync'}
            disabled={!ready || isHeld || asking === 'syncFull'}
            onClick={() => void startSync()}
          >
            {t('action.sync')}
          </Button>
        </>
      ) : (
        <Button
          color="red"
          leftSection={<StopIcon size={18} aria-hidden />}
          disabled={running.stopping || asking === 'stop'}
          onClick={() => void stop()}
        >
          {t('action.stop')}
        </Button>
      )}
    </>
  );
}
