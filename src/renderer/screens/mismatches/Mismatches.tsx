import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MismatchRow } from '../../../shared/contract/views.ts';
import type { MismatchFilter } from '../../../shared/contract/contract.ts';
import { MISMATCH_KINDS, TAKES } from '../../../shared/domain.ts';
import type { MismatchKind, Take } from '../../../shared/domain.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { activeRow } from '../../ui/active-row.ts';
import { FilterBar } from '../../ui/FilterBar.tsx';
import { FlowFilter } from '../../ui/filters.tsx';
import { DoneIcon } from '../../ui/icons.ts';
import { MasterDetail, openDetail } from '../../ui/MasterDetail.tsx';
import type { PagedRows } from '../../ui/paged-rows.ts';
import { EmptyState, FlowIcon, ScreenHead } from '../../ui/parts.tsx';
import { useWords } from '../../ui/use-words.ts';
import { RowsOrState } from '../../ui/RowsOrState.tsx';
import { useCall } from '../../ui/use-call.ts';
import { COARSE_MS, useNow } from '../../ui/use-now.ts';
import { useFormat } from '../../ui/use-format.ts';
import { usePages } from '../../ui/use-pages.ts';
import { VirtualGrid } from '../../ui/VirtualGrid.tsx';
import type { Column } from '../../ui/VirtualGrid.tsx';
import { BulkWays } from './BulkWays.tsx';
import { MismatchPanel } from './MismatchPanel.tsx';
import { goOut, takeOfKey } from './WaysOut.tsx';
import { useMismatchLabel } from './use-mismatch-label.ts';
import './mismatches.css';

const askMismatches = (client: Client, filter: MismatchFilter, window: { offset: number; limit: number }) =>
  client.mismatches.list({ ...filter, ...window });
const askCounts = (client: Client) => client.mismatches.counts();

export function MismatchesScreen() {
  const { t } = useTranslation();
  const filter = useApp((s) => s.mismatches.filter);
  const active = useApp((s) => s.mismatches.active);
  const rows = usePages(askMismatches, filter);
  return (
    <>
      <ScreenHead title={t('screen.mismatches')} lead={t('mismatches.lead')}>
        <Button variant="default" disabled={(rows.total ?? 0) < 2} onClick={() => app().openBulkWays(true)}>
          {t('bulkWays.open')}
        </Button>
      </ScreenHead>
      <MismatchFilters total={rows.total} />
      <KindChips />
      <RowsOrState
        rows={rows}
        empty={
          <EmptyState
            icon={<DoneIcon size={22} />}
            title={t('mismatches.empty.title')}
            text={t('mismatches.empty.text')}
          />
        }
      >
        {(loaded) => (
          <MasterDetail
            master={
              <>
                <SelectionBar />
                <MismatchGrid rows={loaded} active={active} />
              </>
            }
            detail={<MismatchPanel id={activeRow(loaded, active)?.id ?? null} />}
          />
        )}
      </RowsOrState>
      <BulkWays />
    </>
  );
}

function MismatchFilters({ total }: { readonly total: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const filter = useApp((s) => s.mismatches.filter);
  const { filterMismatches } = app();
  return (
    <FilterBar
      find={t('mismatches.find')}
      value={filter.find}
      onFind={(find) => filterMismatches({ find })}
      count={total === null ? null : t('mismatches.count', { count: total, shown: format.count(total) })}
      isNarrowed={[filter.find, filter.flow, filter.kind].some((one) => one !== undefined)}
      onClear={() => filterMismatches({ find: undefined, flow: undefined, kind: undefined })}
    >
      <FlowFilter value={filter.flow} onChange={(flow) => filterMismatches({ flow })} />
    </FilterBar>
  );
}

/** The kinds that occur, with their counts; pressing one shows only that kind. */
function KindChips() {
  const { t } = useTranslation();
  const format = useFormat();
  const filter = useApp((s) => s.mismatches.filter);
  const { data } = useCall(askCounts, NO_INPUT);
  const { filterMismatches } = app();
  const countOf = (kind: MismatchKind): number =>
    (data ?? [])
      .filter((row) => row.kind === kind && (filter.flow === undefined || row.flow === filter.flow))
      .reduce((sum, row) => sum + row.count, 0);
  const kinds = MISMATCH_KINDS.filter((kind) => countOf(kind) > 0 || filter.kind === kind);
  if (kinds.length === 0) return null;
  return (
    <fieldset className="chips" aria-label={t('mismatches.kinds')}>
      {kinds.map((kind) => (
        <button
          key={kind}
          type="button"
          className="chip"
          aria-pressed={filter.kind === kind}
          onClick={() => filterMismatches({ kind: filter.kind === kind ? undefined : kind })}
        >
          {t(`mismatch.${kind}.title`)} <span className="chip-count">{format.count(countOf(kind))}</span>
        </button>
      ))}
    </fieldset>
  );
}
const NO_INPUT = {};

/** Opens a dialog of its own, so it cannot be chosen for several at once. */
const FOR_ONE_ONLY: readonly Take[] = ['link'];

/** What a later run writes; many of a sort may be held by a rail (S1). */
const WRITTEN: readonly Take[] = ['customerp', 'tidsbanken', 'create', 'archive', 'recreate'];
const isWritten = (take: Take): boolean => WRITTEN.includes(take);

function SelectionBar() {
  const { t } = useTranslation();
  const selected = useApp((s) => s.mismatches.selected);
  if (selected.size === 0) return null;
  const { decideMismatches, clearMismatchSelection } = app();
  const offers = [...selected.values()];
  const common = TAKES.filter((take) => !FOR_ONE_ONLY.includes(take) && offers.every((takes) => takes.includes(take)));
  return (
    <div className="selection" role="toolbar" aria-label={t('selection.label')}>
      <span className="selection-count">{t('selection.count', { count: selected.size })}</span>
      {common.map((take) => (
        <Button
          key={take}
          size="xs"
          variant="default"
          onClick={() => void decideMismatches([...selected.keys()], take)}
        >
          {t('selection.take', { take: t(`take.${take}`) })}
        </Button>
      ))}
      {common.length === 0 ? <span>{t('selection.noCommon')}</span> : null}
      <Button size="xs" variant="subtle" onClick={clearMismatchSelection}>
        {t('selection.clear')}
      </Button>
      {selected.size > 1 && common.some(isWritten) ? (
        <span className="selection-hint">{t('selection.manyHeld')}</span>
      ) : null}
    </div>
  );
}

/** One record may have several: what each is about tells them apart. */
function MismatchSubject({ row }: { readonly row: MismatchRow }) {
  const { t } = useTranslation();
  const words = useWords();
  const about = row.group ?? row.detail['property'];
  const parts = [t(`mismatch.${row.kind}.title`), ...(about === undefined ? [] : [words.group(about)])];
  return <span className="cell-sub">{parts.join(' · ')}</span>;
}

interface MismatchGridProps {
  readonly rows: PagedRows<MismatchRow>;
  readonly active: number;
}

function MismatchGrid({ rows, active }: MismatchGridProps) {
  const now = useNow(COARSE_MS);
  const { t } = useTranslation();
  const format = useFormat();
  const selected = useApp((s) => s.mismatches.selected);
  const { activateMismatch, toggleMismatch } = app();
  const label = useMismatchLabel();
  const columns: readonly Column<MismatchRow>[] = [
    {
      id: 'select',
      header: <span className="visually-hidden">{t('selection.column')}</span>,
      width: '1.5rem',
      renderCell: (row) => (
        <input
          type="checkbox"
          className="cell-check"
          tabIndex={-1}
          aria-label={t('selection.one', { label: label(row) })}
          checked={selected.has(row.id)}
          onChange={() => toggleMismatch(row.id, row.takes)}
        />
      ),
    },
    {
      id: 'record',
      header: t('column.record'),
      width: 'minmax(0, 1fr)',
      renderCell: (row) => (
        <span className="named">
          <FlowIcon flow={row.flow} size={16} />
          <span>
            <span className="cell-main">{label(row)}</span>
            <MismatchSubject row={row} />
          </span>
        </span>
      ),
    },
    {
      id: 'since',
      header: t('column.since'),
      width: '8.5rem',
      renderCell: (row) => <span className="cell-sub">{format.ago(row.firstSeenAt, now)}</span>,
    },
  ];
  return (
    <VirtualGrid
      label={t('mismatches.grid')}
      rows={rows}
      columns={columns}
      active={active}
      onActive={activateMismatch}
      onOpen={openDetail}
      onToggle={(row) => toggleMismatch(row.id, row.takes)}
      isSelected={(row) => selected.has(row.id)}
      onKey={(key, row) => {
        const take = takeOfKey(key, row.takes);
        if (take !== undefined) goOut(row.id, take);
      }}
    />
  );
}
