import { useTranslation } from 'react-i18next';
import type { JournalRow, RunView } from '../../../shared/contract/views.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { activeRow } from '../../ui/active-row.ts';
import { HistoryIcon } from '../../ui/icons.ts';
import { MasterDetail, openDetail } from '../../ui/MasterDetail.tsx';
import type { PagedRows } from '../../ui/paged-rows.ts';
import { EmptyState, LoadingState, ScreenHead } from '../../ui/parts.tsx';
import { spelledOut, useWords } from '../../ui/use-words.ts';
import { RowsOrState } from '../../ui/RowsOrState.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { usePages } from '../../ui/use-pages.ts';
import { VirtualGrid } from '../../ui/VirtualGrid.tsx';
import type { Column } from '../../ui/VirtualGrid.tsx';
import { RunResult, RunState } from '../overview/LastRun.tsx';
import { figuresOf } from '../overview/RecentRuns.tsx';
import '../overview/overview.css';

type Window = { offset: number; limit: number };
const askRuns = (client: Client, _all: object, window: Window) => client.runs.list(window);
const askJournal = (client: Client, query: { runId: number }, window: Window) =>
  client.runs.journal({ ...query, ...window });
const ALL = {};

export function HistoryScreen() {
  const { t } = useTranslation();
  const active = useApp((s) => s.history.active);
  const rows = usePages(askRuns, ALL);
  return (
    <>
      <ScreenHead title={t('screen.history')} lead={t('history.lead')} />
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
      <h2>{t('history.number', { id: run.id })}</h2>
      <RunResult run={run} />
      <h3>{t('history.journal')}</h3>
      <Journal runId={run.id} />
    </div>
  );
}

function Journal({ runId }: { readonly runId: number }) {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  const active = useApp((s) => s.history.activeEvent);
  const rows = usePages(askJournal, { runId });
  const columns: readonly Column<JournalRow>[] = [
    { id: 'seq', header: t('history.seq'), width: '4rem', renderCell: (row) => format.count(row.seq) },
    {
      id: 'event',
      header: t('history.event'),
      width: 'minmax(0, 1fr)',
      renderCell: (row) => (
        <>
          <span className="cell-main">{words.event(row.event)}</span>
          <span className="cell-sub" title={detailText(row)}>
            {[row.item, detailText(row)].filter((text) => text !== null && text !== '').join(' · ')}
          </span>
        </>
      ),
    },
    {
      id: 'at',
      header: t('history.at'),
      width: '9rem',
      renderCell: (row) => <span className="cell-sub">{format.moment(row.at)}</span>,
    },
  ];
  return (
    <RowsOrState rows={rows} empty={<p className="dim">{t('history.noEvents')}</p>}>
      {(loaded) => (
        <VirtualGrid
          label={t('history.journal')}
          rows={loaded}
          columns={columns}
          active={active}
          onActive={app().activateEvent}
        />
      )}
    </RowsOrState>
  );
}

const detailText = (row: JournalRow): string =>
  Object.entries(row.detail)
    .map(([name, value]) => `${spelledOut(name)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
