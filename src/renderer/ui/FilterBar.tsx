import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SearchField } from './filters.tsx';

interface FilterBarProps {
  /** What the search field finds, in words. */
  readonly find: string;
  readonly value: string | undefined;
  readonly onFind: (find: string | undefined) => void;
  /** The filters of this screen. */
  readonly children?: ReactNode;
  /** How many rows fit, in words; null while nobody knows. */
  readonly count: string | null;
  /** Whether anything is left out by the filter. */
  readonly isNarrowed: boolean;
  readonly onClear: () => void;
}

/** The one bar above every list: search first, then the screen's own filters, what fits, and a way back to everything. */
export function FilterBar(props: FilterBarProps) {
  const { t } = useTranslation();
  return (
    <search className="toolbar" aria-label={t('filter.label')}>
      <SearchField label={props.find} value={props.value} onFind={props.onFind} />
      {props.children}
      {props.isNarrowed ? (
        <Button size="xs" variant="subtle" onClick={props.onClear}>
          {t('filter.clear')}
        </Button>
      ) : null}
      <output className="toolbar-count">{props.count}</output>
    </search>
  );
}
