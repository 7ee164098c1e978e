import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MappingDraft, MappingEffect, MappingView } from '../../../shared/contract/mapping-views.ts';
import { SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { Client } from '../../bridge.ts';
import { app, useApp } from '../../store.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { WarningIcon } from '../../ui/icons.ts';
import { LoadingState, ProblemNote } from '../../ui/parts.tsx';
import { useCall } from '../../ui/use-call.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useWords } from '../../ui/use-words.ts';
import { FieldPath } from './FieldPath.tsx';
import type { Draft } from './slice.ts';
import { useChangedRules } from './use-rule-words.ts';

const askCheck = (client: Client, draft: MappingDraft) => client.mapping.check(draft);

/** What would change, before it does: the words, and what they mean for pairs that are already linked. */
export function SaveDialog({ view, draft }: { readonly view: MappingView; readonly draft: Draft }) {
  const { t } = useTranslation();
  const writing = useApp((s) => s.mapping.saving === 'writing');
  const [confirmed, setConfirmed] = useState<readonly string[]>([]);
  const { data, failure } = useCall(askCheck, { flow: view.flow, ...draft });
  const { askToSave, saveMapping } = app();
  const open = data?.sensitive.some(({ row }) => !confirmed.includes(row)) ?? true;
  return (
    <Dialog opened onClose={() => askToSave(false)} title={t('mapping.saveTitle')} size="lg">
      <div className="bulk">
        {failure === null ? null : <ProblemNote failure={failure} />}
        {data === null ? (
          failure === null ? (
            <LoadingState />
          ) : null
        ) : (
          <Effect view={view} draft={draft} effect={data} />
        )}
        <SensitiveRows effect={data} confirmed={confirmed} onConfirm={setConfirmed} />
        <div className="bulk-actions">
          <Button variant="default" onClick={() => askToSave(false)}>
            {t('action.cancel')}
          </Button>
          <Button
            disabled={data === null || (isNothing(data) && data.sensitive.length === 0) || open}
            loading={writing}
            onClick={() => void saveMapping(view.version, confirmed)}
          >
            {t('mapping.saveNow')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

const isNothing = (effect: MappingEffect): boolean =>
  effect.changed.length === 0 && !effect.keysChanged && !effect.createChanged && !effect.filterChanged;

interface SensitiveProps {
  readonly effect: MappingEffect | null;
  readonly confirmed: readonly string[];
  readonly onConfirm: (rows: readonly string[]) => void;
}

/** Personal data that would flow and did not so far: each row is confirmed by itself (J1). */
function SensitiveRows({ effect, confirmed, onConfirm }: SensitiveProps) {
  const { t } = useTranslation();
  const words = useWords();
  if (effect === null || effect.sensitive.length === 0) return null;
  return (
    <section className="problem mapping-sensitive" aria-label={t('mapping.sensitiveTitle')}>
      <WarningIcon size={18} aria-hidden />
      <div className="problem-text">
        <p className="problem-title">{t('mapping.sensitiveTitle')}</p>
        {effect.sensitive.map(({ row, how }) => (
          <Checkbox
            key={row}
            mt="xs"
            label={t(`mapping.sensitive.${how}`, { row: words.property(row) })}
            checked={confirmed.includes(row)}
            onChange={(event) =>
              onConfirm(event.currentTarget.checked ? [...confirmed, row] : confirmed.filter((one) => one !== row))
            }
          />
        ))}
      </div>
    </section>
  );
}

interface EffectProps {
  readonly view: MappingView;
  readonly draft: Draft;
  readonly effect: MappingEffect;
}

function Effect({ view, draft, effect }: EffectProps) {
  const { t } = useTranslation();
  const words = useWords();
  const format = useFormat();
  const rows = (names: readonly string[]): string => names.map(words.property).join(', ');
  const anew = Object.values(effect.comparedAnew);
  const lost = Object.entries(effect.noLongerRead).filter(([, count]) => count > 0);
  const lines = [
    isNothing(effect) && effect.sensitive.length === 0 ? t('mapping.effect.nothing') : '',
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
    effect.createChanged ? t('mapping.effect.create') : '',
    effect.filterChanged ? t('mapping.effect.filter') : '',
    ...(effect.filterChanged ? SIDES.flatMap((side) => scopeLine(side)) : []),
  ].filter((line) => line !== '');

  function scopeLine(side: Side): string[] {
    const { records, leaving, entering } = effect.scope[side];
    const system = t(`side.${side}`);
    const shown = { system, count: records, shown: format.count(records) };
    if (leaving === null || entering === null) return [t('mapping.effect.scopeUnread', shown)];
    if (leaving + entering === 0) return [];
    return [t('mapping.effect.scope', { ...shown, leaving: format.count(leaving), entering: format.count(entering) })];
  }
  return (
    <>
      <ChangedWords view={view} draft={draft} changed={effect.changed} />
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </>
  );
}

interface ChangedProps {
  readonly view: MappingView;
  readonly draft: Draft;
  readonly changed: MappingEffect['changed'];
}

function ChangedWords({ view, draft, changed }: ChangedProps) {
  const { t } = useTranslation();
  const words = useWords();
  const rules = useChangedRules(view, draft);
  if (changed.length + rules.length === 0) return null;
  return (
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
        {rules.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row" colSpan={2}>
              {name}
            </th>
            <td>{before}</td>
            <td>{after}</td>
          </tr>
        ))}
        {changed.map(({ row, word, before, after }) => (
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
  );
}
