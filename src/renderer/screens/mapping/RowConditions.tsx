import { NativeSelect, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldView, MappingView, RowEdit, SideConditions } from '../../../shared/contract/mapping-views.ts';
import { SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { DraftRow } from './draft.ts';

interface ConditionsProps {
  readonly row: DraftRow;
  readonly fields: MappingView['fields'];
  readonly onEdit: (change: RowEdit) => void;
}

/** For which records of a side the row holds: fields, and the texts of which each must have one (N1). */
export function RowConditions({ row, fields, onEdit }: ConditionsProps) {
  const { t } = useTranslation();
  if (row.key || row.required) return null;
  return (
    <details className="mapping-more" open={Object.keys(row.when).length > 0 || undefined}>
      <summary>{t('mapping.when')}</summary>
      <p className="dim">{t('mapping.whenHint')}</p>
      {SIDES.map((side) => (
        <SideCondition
          key={side}
          side={side}
          fields={fields[side]}
          texts={row.when[side] ?? {}}
          onChange={(field, texts) => onEdit({ when: withTexts(row.when, side, field, texts) })}
        />
      ))}
    </details>
  );
}

interface SideProps {
  readonly side: Side;
  readonly fields: readonly FieldView[];
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly onChange: (field: string, texts: readonly string[]) => void;
}

function SideCondition({ side, fields, texts, onChange }: SideProps) {
  const { t } = useTranslation();
  // A field that was chosen and has no text yet says nothing, so it is no edit.
  const [chosen, choose] = useState('');
  const asked = [...Object.keys(texts), ...(chosen === '' || chosen in texts ? [] : [chosen])];
  const free = fields.filter(({ path }) => !asked.includes(path));
  return (
    <>
      {asked.map((field) => (
        <TagsInput
          key={field}
          size="xs"
          label={t('mapping.whenField', { system: t(`side.${side}`), field })}
          description={t('mapping.conditionValues')}
          value={[...(texts[field] ?? [])]}
          splitChars={[]}
          acceptValueOnBlur
          onChange={(values) => {
            choose('');
            onChange(field, values);
          }}
        />
      ))}
      <NativeSelect
        size="xs"
        label={t('mapping.whenAdd', { system: t(`side.${side}`) })}
        value=""
        data={[{ value: '', label: t('mapping.choose') }, ...free.map(({ path }) => path)]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
    </>
  );
}

/** A field without texts asks for nothing, and a side without fields either. */
function withTexts(when: SideConditions, side: Side, field: string, texts: readonly string[]): SideConditions {
  const { [side]: before = {}, ...other } = when;
  const { [field]: _old, ...rest } = before;
  const now = texts.length === 0 ? rest : { ...before, [field]: [...texts] };
  return Object.keys(now).length === 0 ? other : { ...other, [side]: now };
}
