import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RowEdit } from '../../../shared/contract/mapping-views.ts';
import { SIDES } from '../../../shared/domain.ts';
import { CloseIcon } from '../../ui/icons.ts';
import type { DraftRow } from './draft.ts';

interface ValueMapProps {
  readonly row: DraftRow;
  readonly onEdit: (change: RowEdit) => void;
}
type Values = NonNullable<DraftRow['values']>;

/** Which spelling of the one side is which of the other. A value that is not here is held, it alone (N4). */
export function ValueMap({ row, onEdit }: ValueMapProps) {
  const { t } = useTranslation();
  const values: Values = row.values ?? {};
  const put = (name: string, spelled: Values[string]): void => onEdit({ values: { ...values, [name]: spelled } });
  const remove = (name: string): void =>
    onEdit({ values: Object.fromEntries(Object.entries(values).filter(([other]) => other !== name)) });
  return (
    <fieldset className="mapping-values">
      <legend>{t('mapping.values')}</legend>
      {Object.entries(values).map(([name, spelled]) => (
        <div key={name} className="mapping-value">
          {SIDES.map((side) => (
            <TextInput
              key={side}
              size="xs"
              aria-label={t('mapping.spelling', { system: t(`side.${side}`), value: name })}
              placeholder={t(`side.${side}`)}
              value={spelled[side]}
              onChange={(event) => put(name, { ...spelled, [side]: event.currentTarget.value })}
            />
          ))}
          <ActionIcon
            variant="default"
            aria-label={t('mapping.removeValue', { value: name })}
            onClick={() => remove(name)}
          >
            <CloseIcon size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button size="xs" variant="default" onClick={() => put(freeName(values), { customerp: '', tidsbanken: '' })}>
        {t('mapping.addValue')}
      </Button>
    </fieldset>
  );
}

/** The value's own name is only an inner one, so nobody is asked for it. */
function freeName(values: Values): string {
  let n = Object.keys(values).length + 1;
  while (`value${String(n)}` in values) n += 1;
  return `value${String(n)}`;
}
