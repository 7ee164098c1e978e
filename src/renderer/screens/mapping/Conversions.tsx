import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RowEdit } from '../../../shared/contract/mapping-views.ts';
import { SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import type { DraftRow } from './draft.ts';

interface ConversionProps {
  readonly row: DraftRow;
  readonly onEdit: (change: RowEdit) => void;
}

/** Expressions between the fields and the property, and what a new record gets where its source is empty (7.2). */
export function Conversions({ row, onEdit }: ConversionProps) {
  const { t } = useTranslation();
  if (row.key || row.type === 'reference') return null;
  const isUsed = Object.keys(row.convert).length + Object.keys(row.onCreate).length > 0;
  return (
    <details className="mapping-more" open={isUsed || undefined}>
      <summary>{t('mapping.more')}</summary>
      <p className="dim">{t('mapping.convertHint')}</p>
      {SIDES.map((side) => (
        <div className="mapping-value" key={side}>
          <TextInput
            size="xs"
            label={t('mapping.convertRead', { system: t(`side.${side}`) })}
            value={row.convert[side]?.read ?? ''}
            maxLength={300}
            onChange={(event) => onEdit({ convert: withRead(row, side, event.currentTarget.value) })}
          />
          <TextInput
            size="xs"
            label={t('mapping.convertWrite', { system: t(`side.${side}`) })}
            disabled={row.convert[side] === undefined}
            value={row.convert[side]?.write ?? ''}
            maxLength={300}
            onChange={(event) => onEdit({ convert: withWrite(row, side, event.currentTarget.value) })}
          />
        </div>
      ))}
      {row.sensitive ? null : (
        <div className="mapping-value">
          {SIDES.map((side) => (
            <TextInput
              key={side}
              size="xs"
              label={t('mapping.onCreateIn', { system: t(`side.${side}`) })}
              value={row.onCreate[side] ?? ''}
              maxLength={300}
              onChange={(event) => onEdit({ onCreate: withText(row.onCreate, side, event.currentTarget.value) })}
            />
          ))}
        </div>
      )}
    </details>
  );
}

type Convert = NonNullable<RowEdit['convert']>;

function withText(texts: DraftRow['onCreate'], side: Side, text: string): NonNullable<RowEdit['onCreate']> {
  const { [side]: _before, ...other } = texts;
  return text === '' ? other : { ...other, [side]: text };
}

/** Without an expression to read by there is no conversion: one that is only written would never compare equal. */
function withRead({ convert }: DraftRow, side: Side, read: string): Convert {
  const { [side]: before, ...other } = convert;
  return read === '' ? other : { ...other, [side]: { ...before, read } };
}

function withWrite({ convert }: DraftRow, side: Side, write: string): Convert {
  const read = convert[side]?.read ?? 'value';
  return { ...convert, [side]: write === '' ? { read } : { read, write } };
}
