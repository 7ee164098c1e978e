import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkSummary } from '../../../shared/contract/views.ts';
import type { ReviewFilter } from '../../../shared/contract/contract.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { LoadingState, ProblemNote, SideName } from '../../ui/parts.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useRailText } from '../../ui/use-rail-text.ts';
import { useFormat } from '../../ui/use-format.ts';
import { Dialog } from '../../ui/Dialog.tsx';

const askSummary = (client: Client, filter: ReviewFilter) => client.review.summary(filter);

/** A bulk decision is taken with its figures in sight; what a rail holds needs the count typed (V3, S1). */
export function BulkDialog() {
  const { t } = useTranslation();
  const bulk = useApp((s) => s.review.bulk);
  const filter = useApp((s) => s.review.filter);
  const { data, failure } = useCall(askSummary, bulk === null ? null : filter);
  return (
    <Dialog
      opened={bulk !== null}
      onClose={() => app().openBulk(null)}
      title={t(bulk === 'reject' ? 'bulk.rejectTitle' : 'bulk.approveTitle')}
      size="lg"
    >
      {failure === null ? null : <ProblemNote failure={failure} />}
      {bulk === null || data === null ? failure === null && <LoadingState /> : <BulkForm take={bulk} summary={data} />}
    </Dialog>
  );
}

interface BulkFormProps {
  readonly take: 'approve' | 'reject';
  readonly summary: BulkSummary;
}

function BulkForm({ take, summary }: BulkFormProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const railText = useRailText();
  const [typed, setTyped] = useState('');
  const mustType = take === 'approve' && summary.rails.length > 0;
  const ready = summary.total > 0 && (!mustType || typed.trim() === String(summary.total));
  const { openBulk, decideAllReview } = app();
  return (
    <form
      className="bulk"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void decideAllReview(take, summary.total);
      }}
    >
      <p>{t(take === 'approve' ? 'bulk.approveText' : 'bulk.rejectText')}</p>
      <SummaryTable summary={summary} />
      {mustType ? (
        <div className="bulk-rails">
          <p>{t('bulk.rails')}</p>
          <ul>
            {summary.rails.map((rail) => (
              <li key={rail}>{railText(rail)}</li>
            ))}
          </ul>
          <TextInput
            label={t('bulk.type', { count: summary.total })}
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
      ) : null}
      <div className="bulk-actions">
        <Button variant="default" onClick={() => openBulk(null)}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" color={take === 'reject' ? 'red' : 'fjord'} disabled={!ready}>
          {t(`bulk.${take}`, { count: summary.total, shown: format.count(summary.total) })}
        </Button>
      </div>
    </form>
  );
}

function SummaryTable({ summary }: { readonly summary: BulkSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{t('filter.flow')}</th>
          <th scope="col">{t('column.writes')}</th>
          <th scope="col">{t('filter.op')}</th>
          <th scope="col">{t('bulk.count')}</th>
          <th scope="col">{t('bulk.review')}</th>
        </tr>
      </thead>
      <tbody>
        {summary.rows.map((row) => (
          <tr key={`${row.flow} ${row.target} ${row.op}`}>
            <th scope="row">{t(`flow.${row.flow}`)}</th>
            <td>
              <SideName side={row.target} />
            </td>
            <td>{t(`op.${row.op}`)}</td>
            <td>{format.count(row.count)}</td>
            <td>{format.count(row.review)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            {t('bulk.total')}
          </th>
          <td>
            <strong>{format.count(summary.total)}</strong>
          </td>
          <td>{format.count(summary.rows.reduce((sum, row) => sum + row.review, 0))}</td>
        </tr>
      </tfoot>
    </table>
  );
}
