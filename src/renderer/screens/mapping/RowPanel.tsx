import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { RowEdit } from '../../../shared/contract/mapping-views.ts';
import type { LintView, MappingView } from '../../../shared/contract/mapping-views.ts';
import { app } from '../../store.ts';
import { useWords } from '../../ui/use-words.ts';
import type { DraftRow } from './draft.ts';
import { RowEditor } from './RowEditor.tsx';
import { RowLint } from './RowLint.tsx';
import { TryRow } from './TryRow.tsx';

interface PanelProps {
  readonly view: MappingView;
  readonly rows: readonly DraftRow[];
  readonly row: DraftRow;
  readonly lint: LintView | null;
}

/** One row: its words to edit, what the lint says of it, and what it makes of a real record. */
export function RowPanel({ view, rows, row, lint }: PanelProps) {
  const { t } = useTranslation();
  const words = useWords();
  const { undoEdits, editRow } = app();
  const findings = (lint?.findings ?? []).filter(({ property }) => property === row.name);
  const own = row.set.filter((word) => word in RowEdit.shape);
  const toDefaults = (): void => editRow(row.name, Object.fromEntries(own.map((word) => [word, null])));
  return (
    <div className="detail">
      <header>
        <p className="detail-over">{row.name}</p>
        <h2>{words.property(row.name)}</h2>
      </header>
      <RowEditor view={view} rows={rows} row={row} />
      <div className="detail-actions">
        <Button size="xs" variant="default" disabled={!row.edited} onClick={() => undoEdits(row.name)}>
          {t('mapping.undoRow')}
        </Button>
        {own.length === 0 || row.edited ? null : (
          <Button size="xs" variant="default" onClick={toDefaults}>
            {t('mapping.toDefaults')}
          </Button>
        )}
      </div>
      <RowLint findings={findings} />
      <TryRow flow={view.flow} row={row} />
    </div>
  );
}
