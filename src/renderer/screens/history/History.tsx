import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/views.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { activeRow } from '../../ui/active-row.ts';
import { HistoryIcon } from '../../ui/icons.ts';
import { MasterDetail, openDetail } from '../../ui/MasterDetail.tsx';
import type { PagedRows } from '../../ui/paged-rows.ts';
import { EmptyState, LoadingState, ScreenHead } from '../../ui/parts.tsx';
import { RowsOrState } from '../../ui/RowsOrState.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { usePages } from '../../ui/use-pages.ts';
import { VirtualGrid } from '../../ui/VirtualGrid.tsx';
import type { Column } from '../../ui/VirtualGrid.tsx';
import { RunResult, RunState } from '../overview/LastRun.tsx';
import { figuresOf, RunsChart } from '../overview/RecentRuns.tsx';
import { UndoButton } from '../../undo/UndoButton.tsx';
import { Journal } from './Journal.tsx';
import { RunWork } from './RunWork.tsx';
import '../overview/overview.css';

type Window = { offset: number; limit: number };
const askRuns = (client: Client, _all: object, window: Window) => client.runs.list(window);
const ALL = {};
const NO_RUNS: readonly RunView[] = [];

export function HistoryScreen() {
  const { t } = useTranslation();
  const active = useApp((s) => s.history.active);
  const recent = useApp((s) => s.overview?.recentRuns) ?? NO_RUNS;
  const rows = usePages(askRuns, ALL);
  return (
    <>
      <ScreenHead title={t('screen.history')} lead={t('history.lead')} />
      {recent.length > 1 ? (
        <section className="panel history-chart" aria-label={t('recent.title')}>
          <RunsChart runs={recent} />
        </section>
      ) : null}
      <RowsOrState
        rows={rows}
        empty={
          <EmptyState
            icon={<HistoryIcon size={22} />}
            title={t('history.empty.title')}
            text={t('history.empty.text')}
          />
        }
      >
        {(loaded) => (
          <MasterDetail
            master={<RunGrid rows={loaded} active={active} />}
            detail={<RunPanel run={activeRow(loaded, active)} />}
          />
        )}
      </RowsOrState>
    </>
  );
}

interface RunGridProps {
  readonly rows: PagedRows<RunView>;
  readonly active: number;
}

function RunGrid({ rows, active }: RunGridProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: readonly Column<RunView>[] = [
    {
      id: 'run',
      header: t('history.run'),
      width: 'minmax(0, 1fr)',
      renderCell: (run) => (
        <>
          <span className="cell-main">{format.moment(run.startedAt)}</span>
          <span className="cell-sub">
            {t('history.number', { id: run.id })} · {t(`runMode.${run.mode}`)} · {format.seconds(run.seconds)}
          </span>
        </>
      ),
    },
    {
      id: 'written',
      header: t('recent.written'),
      width: '3.6rem',
      renderCell: (run) => format.count(figuresOf(run).written),
    },
    { id: 'open', header: t('history.open'), width: '3.6rem', renderCell: (run) => format.count(openOf(run)) },
    { id: 'state', header: t('column.state'), width: '6rem', renderCell: (run) => <RunState state={run.state} /> },
  ];
  return (
    <VirtualGrid
      label={t('history.grid')}
      rows={rows}
      columns={columns}
      active={active}
      onActive={app().activateRun}
      onOpen={openDetail}
    />
  );
}

const openOf = (run: RunView): number => figuresOf(run).proposed + figuresOf(run).mismatches;

function RunPanel({ run }: { readonly run: RunView | undefined }) {
  const { t } = useTranslation();
  if (run === undefined) return <LoadingState />;
  return (
    <div className="detail detail-tall">
      <header className="detail-head">
        <h2>{t('history.number', { id: run.id })}</h2>
        <UndoButton scope={{ run: run.id }} title={t('undo.runTitle', { id: run.id })} />
      </header>
      <div>
        <RunResult run={run} />
        <RunWork work={run.work} />
      </div>
      <h3>{t('history.journal')}</h3>
      <Journal runId={run.id} />
    </div>
  );
}
