import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MappingRow } from '../../../shared/contract/mapping-views.ts';
import { app } from '../../store.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { isFreeName } from './draft.ts';

/** A row of its own: first its name, then everything else in its details. */
export function NewRow({ rows }: { readonly rows: readonly MappingRow[] }) {
  const { t } = useTranslation();
  const [name, setName] = useState<string | null>(null);
  const free = name !== null && isFreeName(name, rows);
  const add = (event: React.FormEvent): void => {
    event.preventDefault();
    if (!free) return;
    app().editRow(name, { type: 'string' });
    app().activateRow(name);
    app().seekAllRows();
    setName(null);
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setName('')}>
        {t('mapping.addRow')}
      </Button>
      <Dialog opened={name !== null} onClose={() => setName(null)} title={t('mapping.addTitle')}>
        <form className="bulk" onSubmit={add}>
          <TextInput
            data-autofocus
            label={t('mapping.rowName')}
            description={t('mapping.rowNameHint')}
            value={name ?? ''}
            error={name === null || name === '' || free ? undefined : t('mapping.rowNameTaken')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <div className="bulk-actions">
            <Button variant="default" onClick={() => setName(null)}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={!free}>
              {t('mapping.add')}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
