import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/views.ts';
import { RunState } from '../overview/LastRun.tsx';
import { useApp } from '../../store.ts';
import { RunProblems } from '../../ui/RunProblems.tsx';
import { useFormat } from '../../ui/use-format.ts';

type Figure = 'written' | 'failed' | 'held';

/** What an applying run did; `approved` is how many approved changes are left, which it must have held. */
export function outcomeOf(run: RunView, approved: number): readonly { figure: Figure; count: number }[] {
  const counts = Object.values(run.flows);
  const written = counts
    .flatMap(({ created, updated }) => [created, updated])
    .reduce((sum, pair) => sum + pair.customerp + pair.tidsbanken, 0);
  const failed = counts.reduce((sum, one) => sum + one.failed, 0);
  const more = [
    { figure: 'failed', count: failed },
    { figure: 'held', count: approved },
  ] as const;
  return [{ figure: 'written', count: written }, ...more.filter(({ count }) => count > 0)];
}

const failed = (figures: ReturnType<typeof outcomeOf>): boolean => figures.some(({ figure }) => figure === 'failed');

/** Told where the changes were, since the list they leave behind is empty; there before its text, so that it is heard. */
export function ApplyOutcome() {
  const { t } = useTranslation();
  const format = useFormat();
  const applied = useApp((s) => s.review.applied);
  const overview = useApp((s) => s.overview);
  const run = overview?.lastRun?.id === applied ? overview?.lastRun : undefined;
  const approved = overview?.flows.reduce((sum, flow) => sum + flow.approved, 0) ?? 0;
  const figures = run === undefined || run === null ? [] : outcomeOf(run, approved);
  const problems = run?.problems ?? [];
  const bad = problems.length > 0 || run?.state === 'failed' || run?.state === 'aborted' || failed(figures);
  return (
    <div className="outcome" data-tone={bad ? 'bad' : 'good'} data-empty={figures.length === 0}>
      <output className="outcome-figures">
        {run === undefined || run === null || run.state === 'done' ? null : <RunState state={run.state} />}{' '}
        {figures.map(({ figure, count }) => (
          <span key={figure} data-figure={figure}>
            {t(`review.outcome.${figure}`, { count, shown: format.count(count) })}{' '}
          </span>
        ))}
      </output>
      <RunProblems problems={problems} />
    </div>
  );
}
