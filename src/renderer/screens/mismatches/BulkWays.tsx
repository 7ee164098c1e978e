import { Button, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MismatchFilter } from '../../../shared/contract/contract.ts';
import type { MismatchSummary } from '../../../shared/contract/views.ts';
import { TAKES } from '../../../shared/domain.ts';
import type { Take } from '../../../shared/domain.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { LoadingState, ProblemNote } from '../../ui/parts.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useFormat } from '../../ui/use-format.ts';

const askSummary = (client: Client, filter: MismatchFilter) => client.mismatches.summary(filter);

/** One way out for all that fit the filter: what it would decide stands there first, and its number is typed (V3). */
export function BulkWays() {
  const { t } = useTranslation();
  const opened = useApp((s) => s.mismatches.bulk);
  const filter = useApp((s) => s.mismatches.filter);
  const { data, failure } = useCall(askSummary, opened ? filter : null);
  return (
    <Dialog opened={opened} onClose={() => app().openBulkWays(false)} title={t('bulkWays.title')} size="lg">
      {failure === null ? null : <ProblemNote failure={failure} />}
      {!opened || data === null ? failure === null && <LoadingState /> : <WaysForm summary={data} />}
    </Dialog>
  );
}

/** For one, a record may still be chosen; for many, it is the one that each of them names. */
const labelOf = (take: Take) => (take === 'link' ? 'bulkWays.link' : (`take.${take}` as const));
const doesOf = (take: Take) => (take === 'link' ? 'bulkWays.linkDoes' : (`takeDoes.${take}` as const));

function WaysForm({ summary }: { readonly summary: MismatchSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [take, setTake] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const chosen = TAKES.find((one) => one === take);
  const ready = chosen !== undefined && typed.trim() === String(summary.total);
  const { openBulkWays, decideAllMismatches } = app();
  return (
    <form
      className="bulk"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void decideAllMismatches(chosen, summary.total);
      }}
    >
      <SortTable summary={summary} />
      {summary.takes.length === 0 ? (
        <p>{t('bulkWays.none')}</p>
      ) : (
        <Radio.Group value={take} onChange={setTake} label={t('mismatches.waysOut')}>
          <div className="choices">
            {summary.takes.map((one) => (
              <Radio key={one} value={one} label={t(labelOf(one))} description={t(doesOf(one))} />
            ))}
          </div>
        </Radio.Group>
      )}
      {summary.takes.length === 0 ? null : (
        <>
          <p className="dim">{t('selection.manyHeld')}</p>
          <TextInput
            label={t('bulk.type', { count: summary.total })}
            inputMode="numeric"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </>
      )}
      <div className="bulk-actions">
        <Button variant="default" onClick={() => openBulkWays(false)}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" disabled={!ready}>
          {t('bulkWays.decide', { count: summary.total, shown: format.count(summary.total) })}
        </Button>
      </div>
    </form>
  );
}

function SortTable({ summary }: { readonly summary: MismatchSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{t('filter.flow')}</th>
          <th scope="col">{t('bulkWays.kind')}</th>
          <th scope="col">{t('bulkWays.count')}</th>
        </tr>
      </thead>
      <tbody>
        {summary.rows.map((row) => (
          <tr key={`${row.flow} ${row.kind}`}>
            <th scope="row">{t(`flow.${row.flow}`)}</th>
            <td>{t(`mismatch.${row.kind}.title`)}</td>
            <td>{format.count(row.count)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            {t('bulk.total')}
          </th>
          <td>
            <strong>{format.count(summary.total)}</strong>
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
