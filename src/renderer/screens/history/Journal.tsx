import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JournalRow } from '../../../shared/contract/views.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { csvText, saveAsFile } from '../../ui/csv.ts';
import { ChoiceFilter } from '../../ui/filters.tsx';
import { RowsOrState } from '../../ui/RowsOrState.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { usePages } from '../../ui/use-pages.ts';
import { useWords } from '../../ui/use-words.ts';
import { VirtualGrid } from '../../ui/VirtualGrid.tsx';
import type { Column } from '../../ui/VirtualGrid.tsx';
import { EVENT_SORTS, SORTS } from './event-sorts.ts';
import type { EventSort } from './event-sorts.ts';
import { csvRow, detailText, idsIn } from './journal-text.ts';

interface Query {
  readonly runId: number;
  readonly events?: string[];
}
const askJournal = (client: Client, query: Query, window: { offset: number; limit: number }) =>
  client.runs.journal({ ...query, ...window });

const queryOf = (runId: number, sort: EventSort | undefined): Query =>
  sort === undefined ? { runId } : { runId, events: [...EVENT_SORTS[sort]] };

/** What happened in one run, in the order it was written down, newest first. */
export function Journal({ runId }: { readonly runId: number }) {
  const { t } = useTranslation();
  const sort = useApp((s) => s.history.sort);
  const active = useApp((s) => s.history.activeEvent);
  const rows = usePages(askJournal, queryOf(runId, sort));
  const columns = useColumns();
  return (
    <>
      <div className="toolbar">
        <ChoiceFilter
          label={t('history.sort')}
          all={t('history.allEvents')}
          value={sort}
          options={SORTS}
          name={(one) => t(`history.sorts.${one}`)}
          onChange={(one) => app().sortJournal(one)}
        />
        <ExportButton runId={runId} sort={sort} total={rows.total ?? 0} />
      </div>
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
    </>
  );
}

function useColumns(): readonly Column<JournalRow>[] {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  return [
    {
      id: 'event',
      header: t('history.event'),
      width: 'minmax(0, 1fr)',
      renderCell: (row) => {
        const about = [idsIn(row.detail), detailText(row, words)].filter((text) => text !== '').join(' · ');
        return (
          <>
            <span className="cell-main">{words.event(row.event)}</span>
            <span className="cell-sub" title={about}>
              {about}
            </span>
          </>
        );
      },
    },
    {
      id: 'at',
      header: t('history.at'),
      width: '9rem',
      renderCell: (row) => (
        <>
          <span className="cell-sub">{format.moment(row.at)}</span>
          <span className="cell-sub">{t('history.seqNumber', { seq: format.count(row.seq) })}</span>
        </>
      ),
    },
  ];
}

/** As many rows as a person would open; the journal itself has no end. */
const MOST_EXPORTED = 50_000;
const PAGE = 500;

interface ExportButtonProps {
  readonly runId: number;
  readonly sort: EventSort | undefined;
  readonly total: number;
}

function ExportButton({ runId, sort, total }: ExportButtonProps) {
  const { t } = useTranslation();
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    const rows = await app().attempt((client) => wholeJournal(client, queryOf(runId, sort)));
    setBusy(false);
    if (rows === null) return;
    const head = (['seq', 'at', 'run', 'event', 'item', 'records', 'details'] as const).map((name) =>
      t(`history.csv.${name}`),
    );
    const text = csvText([head, ...rows.map((row) => csvRow(row, words))]);
    saveAsFile(`tidsbro-${t('history.journal').toLowerCase()}-${String(runId)}.csv`, text, 'text/csv;charset=utf-8');
  };
  return (
    <Button size="xs" variant="default" loading={busy} disabled={total === 0} onClick={() => void save()}>
      {t('history.export')}
    </Button>
  );
}

/** Page by page; each page waits for the one before, since its offset is the number of rows that are here. */
async function wholeJournal(client: Client, query: Query): Promise<JournalRow[]> {
  const rows: JournalRow[] = [];
  for (;;) {
    const page = await askJournal(client, query, { offset: rows.length, limit: PAGE });
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= Math.min(page.total, MOST_EXPORTED)) return rows;
  }
}
