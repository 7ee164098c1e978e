import { useTranslation } from 'react-i18next';
import { app, useApp } from '../../store.ts';
import { FilterBar } from '../../ui/FilterBar.tsx';
import { ChoiceFilter } from '../../ui/filters.tsx';
import { ROW_SORTS } from './row-search.ts';

/** Finds a row in a long table by its name or a field of either system, or shows only rows of one sort. */
export function RowSearchBar({ found, of }: { readonly found: number; readonly of: number }) {
  const { t } = useTranslation();
  const { find, only } = useApp((s) => s.mapping.search);
  const isNarrowed = find !== undefined || only !== undefined;
  const all = t('mapping.rowCount', { count: of });
  return (
    <FilterBar
      find={t('mapping.find')}
      value={find}
      onFind={(wanted) => app().seekRows({ find: wanted })}
      count={isNarrowed ? t('mapping.rowsFound', { found, rows: all }) : all}
      isNarrowed={isNarrowed}
      onClear={() => app().seekAllRows()}
    >
      <ChoiceFilter
        label={t('mapping.rows')}
        all={t('mapping.allRows')}
        value={only}
        options={ROW_SORTS}
        name={(sort) => t(`mapping.rowSort.${sort}`)}
        onChange={(sort) => app().seekRows({ only: sort })}
      />
    </FilterBar>
  );
}
