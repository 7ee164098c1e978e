import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkSummary } from '../../../shared/contract/views.ts';
import type { ReviewFilter } from '../../../shared/contract/contract.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { SideName } from '../../ui/parts.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useFormat } from '../../ui/use-format.ts';

type Sort = BulkSummary['rows'][number];

const askSummary = (client: Client, filter: ReviewFilter) => client.review.summary(filter);

/** The list is what a person waits for: while they type, the figures beside it ask for nothing. */
const TYPING_PAUSE_MS = 200;

/**
 * What waits, by flow, kind of change and side that is written; pressing one shows only that.
 * @param isListed whether the list itself has been answered: the first figures come after it
 */
export function ChangeSorts({ isListed }: { readonly isListed: boolean }) {
  const { t } = useTranslation();
  const filter = useApp((s) => s.review.filter);
  const { show } = filter;
  const [find] = useDebouncedValue(filter.find, TYPING_PAUSE_MS);
  const [begun, setBegun] = useState(false);
  if (isListed && !begun) setBegun(true);
  const { data } = useCall(askSummary, begun ? { show, find } : null);
  const [sorts, setSorts] = useState<readonly Sort[]>([]);
  if (data !== null && data.rows !== sorts) setSorts(data.rows);
  if (sorts.length < 2 && filter.op === undefined) return null;
  return (
    <fieldset className="chips" aria-label={t('review.sorts')}>
      {sorts.map((sort) => (
        <SortChip key={`${sort.flow} ${sort.target} ${sort.op}`} sort={sort} filter={filter} />
      ))}
    </fieldset>
  );
}

function SortChip({ sort, filter }: { readonly sort: Sort; readonly filter: ReviewFilter }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { flow, target, op } = sort;
  const pressed = filter.flow === flow && filter.target === target && filter.op === op;
  const everything = { flow: undefined, target: undefined, op: undefined };
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={pressed}
      onClick={() => app().filterReview(pressed ? everything : { flow, target, op })}
    >
      {t(`flow.${flow}`)} · {t(`op.${op}`)} → <SideName side={target} />{' '}
      <span className="chip-count">{format.count(sort.count)}</span>
    </button>
  );
}
