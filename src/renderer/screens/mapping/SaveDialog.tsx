import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MappingEffect, MappingView, RowEdits } from '../../../shared/contract/mapping-views.ts';
import type { Flow } from '../../../shared/domain.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { LoadingState, ProblemNote } from '../../ui/parts.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useWords } from '../../ui/use-words.ts';
import { FieldPath } from './FieldPath.tsx';

const askCheck = (client: Client, draft: { flow: Flow; edits: RowEdits }) => client.mapping.check(draft);

/** What would change, before it does: the words, and what they mean for pairs that are already linked. */
export function SaveDialog({ view, edits }: { readonly view: MappingView; readonly edits: RowEdits }) {
  const { t } = useTranslation();
  const writing = useApp((s) => s.mapping.saving === 'writing');
  const { data, failure } = useCall(askCheck, { flow: view.flow, edits });
  const { askToSave, saveMapping } = app();
  return (
    <Dialog opened onClose={() => askToSave(false)} title={t('mapping.saveTitle')} size="lg">
      <div className="bulk">
        {failure === null ? null : <ProblemNote failure={failure} />}
        {data === null ? failure === null ? <LoadingState /> : null : <Effect effect={data} />}
        <div className="bulk-actions">
          <Button variant="default" onClick={() => askToSave(false)}>
            {t('action.cancel')}
          </Button>
          <Button
            disabled={data === null || data.changed.length === 0}
            loading={writing}
            onClick={() => void saveMapping(view.version)}
          >
            {t('mapping.saveNow')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Effect({ effect }: { readonly effect: MappingEffect }) {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  const rows = (names: readonly string[]): string => names.map(words.property).join(', ');
  const anew = Object.values(effect.comparedAnew);
  const lost = Object.entries(effect.noLongerRead).filter(([, count]) => count > 0);
  const lines = [
    effect.changed.length === 0 ? t('mapping.effect.nothing') : '',
    effect.entering.length === 0 ? '' : t('mapping.effect.entering', { rows: rows(effect.entering) }),
    effect.leaving.length === 0 ? '' : t('mapping.effect.leaving', { rows: rows(effect.leaving) }),
    ...lost.map(([row, count]) =>
      t('mapping.effect.lost', { row: words.property(row), count, shown: format.count(count) }),
    ),
    anew.length === 0
      ? ''
      : t('mapping.effect.anew', {
          rows: rows(Object.keys(effect.comparedAnew)),
          count: Math.max(...anew),
          shown: format.count(Math.max(...anew)),
        }),
    effect.redirected.length === 0 ? '' : t('mapping.effect.redirected', { rows: rows(effect.redirected) }),
    effect.keysChanged ? t('mapping.effect.keys') : '',
  ].filter((line) => line !== '');
  return (
    <>
      {effect.changed.length === 0 ? null : (
        <table className="properties">
          <caption className="visually-hidden">{t('mapping.changes')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('property.name')}</th>
              <th scope="col">{t('mapping.word')}</th>
              <th scope="col">{t('mapping.before')}</th>
              <th scope="col">{t('mapping.after')}</th>
            </tr>
          </thead>
          <tbody>
            {effect.changed.map(({ row, word, before, after }) => (
              <tr key={`${row} ${word}`}>
                <th scope="row">{words.property(row)}</th>
                <td className="mapping-field">
                  <FieldPath path={word} />
                </td>
                <td>{before ?? '–'}</td>
                <td>{after ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </>
  );
}
