import { useTranslation } from 'react-i18next';
import type { RecordRow } from '../../../shared/contract/views.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { activeRow } from '../../ui/active-row.ts';
import { FilterBar } from '../../ui/FilterBar.tsx';
import { ChoiceFilter, FlowFilter, SideFilter } from '../../ui/filters.tsx';
import { RecordsIcon } from '../../ui/icons.ts';
import { MasterDetail, openDetail } from '../../ui/MasterDetail.tsx';
import type { PagedRows } from '../../ui/paged-rows.ts';
import { EmptyState, FlowIcon, ScreenHead, SideName } from '../../ui/parts.tsx';
import { RowsOrState } from '../../ui/RowsOrState.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { usePages } from '../../ui/use-pages.ts';
import { VirtualGrid } from '../../ui/VirtualGrid.tsx';
import type { Column } from '../../ui/VirtualGrid.tsx';
import { RecordPanel } from './RecordPanel.tsx';
import { RecordState } from './RecordState.tsx';
import type { RecordsFilter } from './slice.ts';

const LINKED = ['linked', 'unlinked'] as const;

const askRecords = (client: Client, filter: RecordsFilter, window: { offset: number; limit: number }) =>
  client.records.list({ ...filter, ...window });

export function RecordsScreen() {
  const { t } = useTranslation();
  const filter = useApp((s) => s.records.filter);
  const active = useApp((s) => s.records.active);
  const rows = usePages(askRecords, filter);
  return (
    <>
      <ScreenHead title={t('screen.records')} lead={t('records.lead')} />
      <RecordFilters total={rows.total} />
      <RowsOrState
        rows={rows}
        empty={
          <EmptyState
            icon={<RecordsIcon size={22} />}
            title={t('records.empty.title')}
            text={t('records.empty.text')}
          />
        }
      >
        {(loaded) => (
          <MasterDetail
            master={<RecordGrid rows={loaded} active={active} />}
            detail={<RecordPanel row={activeRow(loaded, active) ?? null} />}
          />
        )}
      </RowsOrState>
    </>
  );
}

function RecordFilters({ total }: { readonly total: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const filter = useApp((s) => s.records.filter);
  const { filterRecords } = app();
  const linked = filter.linked === undefined ? undefined : LINKED[filter.linked ? 0 : 1];
  return (
    <FilterBar
      find={t('records.find')}
      value={filter.find}
      onFind={(find) => filterRecords({ find })}
      count={total === null ? null : t('records.count', { count: total, shown: format.count(total) })}
      isNarrowed={[filter.find, filter.flow, filter.side, filter.linked].some((one) => one !== undefined)}
      onClear={() => filterRecords({ find: undefined, flow: undefined, side: undefined, linked: undefined })}
    >
      <FlowFilter value={filter.flow} onChange={(flow) => filterRecords({ flow })} />
      <SideFilter label={t('filter.side')} value={filter.side} onChange={(side) => filterRecords({ side })} />
      <ChoiceFilter
        label={t('filter.link')}
        all={t('filter.anyLink')}
        value={linked}
        options={LINKED}
        name={(option) => t(`filter.${option}`)}
        onChange={(option) => filterRecords({ linked: option === undefined ? undefined : option === 'linked' })}
      />
    </FilterBar>
  );
}

interface RecordGridProps {
  readonly rows: PagedRows<RecordRow>;
  readonly active: number;
}

function RecordGrid({ rows, active }: RecordGridProps) {
  const { t } = useTranslation();
  const columns: readonly Column<RecordRow>[] = [
    {
      id: 'record',
      header: t('column.record'),
      width: 'minmax(0, 1fr)',
      renderCell: (row) => (
        <span className="named">
          <FlowIcon flow={row.flow} size={16} />
          <span>
            <span className="cell-main">{row.label}</span>
            <span className="cell-sub">{row.number}</span>
          </span>
        </span>
      ),
    },
    { id: 'side', header: t('column.side'), width: '7rem', renderCell: (row) => <SideName side={row.side} /> },
    { id: 'state', header: t('column.state'), width: '7rem', renderCell: (row) => <RecordState row={row} /> },
  ];
  return (
    <VirtualGrid
      label={t('records.grid')}
      rows={rows}
      columns={columns}
      active={active}
      onActive={app().activateRecord}
      onOpen={openDetail}
    />
  );
}
