import { Button, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ChangeRow } from '../../../shared/contract/views.ts';
import type { ReviewFilter } from '../../../shared/contract/contract.ts';
import { CHANGE_OPS } from '../../../shared/domain.ts';
import type { Client } from '../../bridge.ts';
import { isOpenedReview } from '../../shell/slice.ts';
import { mayRun } from '../../shell/may-run.ts';
import { app, useApp } from '../../store.ts';
import type { AppState } from '../../store.ts';
import { ReviewIcon } from '../../ui/icons.ts';
import { activeRow } from '../../ui/active-row.ts';
import { MasterDetail, openDetail } from '../../ui/MasterDetail.tsx';
import { EmptyState, FlowIcon, ScreenHead, SideName } from '../../ui/parts.tsx';
import type { PagedRows } from '../../ui/paged-rows.ts';
import { RowsOrState } from '../../ui/RowsOrState.tsx';
import { FilterBar } from '../../ui/FilterBar.tsx';
import { ChoiceFilter, FlowFilter, SideFilter } from '../../ui/filters.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { usePages } from '../../ui/use-pages.ts';
import { VirtualGrid } from '../../ui/VirtualGrid.tsx';
import type { Column } from '../../ui/VirtualGrid.tsx';
import { ApplyOutcome } from './ApplyOutcome.tsx';
import { BulkDialog } from './BulkDialog.tsx';
import { ChangedText } from '../../ui/ChangedText.tsx';
import { ChangePanel } from './ChangePanel.tsx';
import { ChangeSorts } from './ChangeSorts.tsx';
import { ChangeStatus } from './ChangeStatus.tsx';
import { HeldNote } from './HeldNote.tsx';
import { PortableMenu } from './portable/PortableMenu.tsx';

const SHOW = ['waiting', 'approved', 'held', 'open'] as const;

const askChanges = (client: Client, filter: ReviewFilter, window: { offset: number; limit: number }) =>
  client.review.list({ ...filter, ...window });

export function ReviewScreen() {
  const { t } = useTranslation();
  const filter = useApp((s) => s.review.filter);
  const active = useApp((s) => s.review.active);
  const rows = usePages(askChanges, filter);
  return (
    <>
      <ScreenHead title={t('screen.review')} lead={t('review.lead')}>
        <ReviewButtons total={rows.total ?? 0} />
      </ScreenHead>
      <ApplyOutcome />
      <HeldNote />
      <ReviewFilters total={rows.total} />
      <ChangeSorts isListed={rows.total !== null} />
      <RowsOrState rows={rows} empty={<NothingWaits />}>
        {(loaded) => (
          <MasterDetail
            master={
              <>
                <SelectionBar />
                <ChangeGrid rows={loaded} active={active} />
              </>
            }
            detail={<ChangePanel id={activeRow(loaded, active)?.id ?? null} />}
          />
        )}
      </RowsOrState>
      <BulkDialog />
    </>
  );
}

/** Nothing fits the filter; what was approved and not written yet is told, since it no longer stands in the list. */
function NothingWaits() {
  const { t } = useTranslation();
  const format = useFormat();
  const approved = useApp(approvedCount);
  const told = useApp((s) => s.review.filter.show === 'waiting') && approved > 0;
  const isReview = useApp(isOpenedReview);
  return (
    <EmptyState
      icon={<ReviewIcon size={22} />}
      title={t('review.empty.title')}
      text={
        told
          ? t(isReview ? 'portable.return.approved' : 'review.empty.approved', {
              count: approved,
              shown: format.count(approved),
            })
          : t('review.empty.text')
      }
    />
  );
}

const approvedCount = (s: AppState): number => s.overview?.flows.reduce((sum, flow) => sum + flow.approved, 0) ?? 0;

function ReviewButtons({ total }: { readonly total: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const approved = useApp(approvedCount);
  const busy = useApp((s) => !mayRun(s));
  const isReview = useApp(isOpenedReview);
  const { openBulk, applyApproved } = app();
  return (
    <>
      <Button variant="default" disabled={total === 0} onClick={() => openBulk('reject')}>
        {t('review.rejectAll')}
      </Button>
      <Button variant="default" disabled={total === 0} onClick={() => openBulk('approve')}>
        {t('review.approveAll')}
      </Button>
      <PortableMenu />
      {isReview ? null : (
        <Button disabled={approved === 0 || busy} onClick={() => void applyApproved()}>
          {approved === 0 ? t('review.apply') : t('review.applyCount', { count: format.count(approved) })}
        </Button>
      )}
    </>
  );
}

function ReviewFilters({ total }: { readonly total: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const filter = useApp((s) => s.review.filter);
  const hasHeld = useApp((s) => s.overview?.flows.some((flow) => (flow.held ?? 0) > 0) === true);
  const { filterReview } = app();
  return (
    <FilterBar
      find={t('review.find')}
      value={filter.find}
      onFind={(find) => filterReview({ find })}
      count={total === null ? null : t('review.count', { count: total, shown: format.count(total) })}
      isNarrowed={[filter.find, filter.flow, filter.target, filter.op].some((one) => one !== undefined)}
      onClear={() => filterReview({ find: undefined, flow: undefined, target: undefined, op: undefined })}
    >
      <FlowFilter value={filter.flow} onChange={(flow) => filterReview({ flow })} />
      <SideFilter label={t('filter.target')} value={filter.target} onChange={(target) => filterReview({ target })} />
      <ChoiceFilter
        label={t('filter.op')}
        all={t('filter.allOps')}
        value={filter.op}
        options={CHANGE_OPS}
        name={(op) => t(`op.${op}`)}
        onChange={(op) => filterReview({ op })}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('review.show')}
        value={filter.show ?? 'waiting'}
        onChange={(value) => filterReview({ show: SHOW.find((show) => show === value) ?? 'waiting' })}
        data={SHOW.filter((value) => value !== 'held' || filter.show === 'held' || hasHeld).map((value) => ({
          value,
          label: t(`review.shown.${value}`),
        }))}
      />
    </FilterBar>
  );
}

function SelectionBar() {
  const { t } = useTranslation();
  const selected = useApp((s) => s.review.selected);
  if (selected.size === 0) return null;
  const { decideReview, clearReviewSelection } = app();
  const ids = [...selected];
  return (
    <div className="selection" role="toolbar" aria-label={t('selection.label')}>
      <span className="selection-count">{t('selection.count', { count: ids.length })}</span>
      <Button size="xs" onClick={() => void decideReview(ids, 'approve')}>
        {t('selection.approve')}
      </Button>
      <Button size="xs" variant="default" onClick={() => void decideReview(ids, 'reject')}>
        {t('selection.reject')}
      </Button>
      <Button size="xs" variant="default" onClick={() => void decideReview(ids, 'later')}>
        {t('selection.later')}
      </Button>
      <Button size="xs" variant="default" onClick={clearReviewSelection}>
        {t('selection.clear')}
      </Button>
    </div>
  );
}

interface ChangeGridProps {
  readonly rows: PagedRows<ChangeRow>;
  readonly active: number;
}

function ChangeGrid({ rows, active }: ChangeGridProps) {
  const { t } = useTranslation();
  const selected = useApp((s) => s.review.selected);
  const { activateReview, toggleReview, decideReview } = app();
  const columns: readonly Column<ChangeRow>[] = [
    {
      id: 'select',
      header: <span className="visually-hidden">{t('selection.column')}</span>,
      width: '1.5rem',
      renderCell: (row) => (
        <input
          type="checkbox"
          className="cell-check"
          tabIndex={-1}
          aria-label={t('selection.one', { label: row.label })}
          checked={selected.has(row.id)}
          onChange={() => toggleReview(row.id)}
        />
      ),
    },
    {
      id: 'record',
      header: t('column.record'),
      width: 'minmax(0, 1fr)',
      renderCell: (row) => <ChangeName row={row} />,
    },
    {
      id: 'target',
      header: t('column.writes'),
      width: '6rem',
      renderCell: (row) => (
        <>
          <span className="cell-main">{t(`op.${row.op}`)}</span>
          <span className="cell-sub">
            <SideName side={row.target} />
          </span>
        </>
      ),
    },
    { id: 'state', header: t('column.state'), width: '6rem', renderCell: (row) => <ChangeStatus row={row} /> },
  ];
  return (
    <VirtualGrid
      label={t('review.grid')}
      rows={rows}
      columns={columns}
      active={active}
      onActive={activateReview}
      onOpen={openDetail}
      onToggle={(row) => toggleReview(row.id)}
      isSelected={(row) => selected.has(row.id)}
      onKey={(key, row) => {
        if (key === 'a') void decideReview([row.id], 'approve');
        if (key === 'r') void decideReview([row.id], 'reject');
      }}
    />
  );
}

function ChangeName({ row }: { readonly row: ChangeRow }) {
  return (
    <span className="named">
      <FlowIcon flow={row.flow} size={16} />
      <span>
        <span className="cell-main">{row.label}</span>
        <span className="cell-sub">
          <ChangedText row={row} />
        </span>
      </span>
    </span>
  );
}
