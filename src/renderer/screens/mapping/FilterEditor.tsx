import { ActionIcon, Button, NativeSelect, TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConditionView, FieldView, MappingRow } from '../../../shared/contract/mapping-views.ts';
import type { Side } from '../../../shared/domain.ts';
import { CloseIcon } from '../../ui/icons.ts';
import { useWords } from '../../ui/use-words.ts';
import { testOf, TESTS, valuesOf, withTest } from './rules.ts';

interface FilterProps {
  readonly side: Side;
  readonly rows: readonly MappingRow[];
  readonly fields: readonly FieldView[];
  readonly conditions: readonly ConditionView[];
  readonly onChange: (conditions: ConditionView[]) => void;
}

/** Which records of a side take part: those for which all conditions hold (C7). */
export function FilterEditor({ side, rows, fields, conditions, onChange }: FilterProps) {
  const { t } = useTranslation();
  const put = (index: number, one: ConditionView): void => onChange(conditions.map((c, i) => (i === index ? one : c)));
  return (
    <fieldset className="mapping-values">
      <legend>{t('mapping.filterIn', { system: t(`side.${side}`) })}</legend>
      {conditions.map((condition, index) => (
        <ConditionEditor
          // oxlint-disable-next-line react/no-array-index-key -- conditions have no name, and are never sorted
          key={index}
          rows={rows}
          fields={fields}
          value={condition}
          onChange={(next) => put(index, next)}
          onRemove={() => onChange(conditions.filter((_, i) => i !== index))}
        />
      ))}
      <Button size="xs" variant="default" onClick={() => onChange([...conditions, { is: [] }])}>
        {t('mapping.addCondition')}
      </Button>
    </fieldset>
  );
}

interface ConditionProps {
  readonly rows: readonly MappingRow[];
  readonly fields: readonly FieldView[];
  readonly value: ConditionView;
  readonly onChange: (condition: ConditionView) => void;
  readonly onRemove: () => void;
}

const FIELD = 'field:';

function ConditionEditor({ rows, fields, value, onChange, onRemove }: ConditionProps) {
  const { t } = useTranslation();
  const words = useWords();
  const test = testOf(value);
  const usable = rows.filter((row) => !row.sensitive && (row.key || row.direction !== 'off'));
  const about = (chosen: string): void => {
    const is = chosen.startsWith(FIELD) ? { field: chosen.slice(FIELD.length) } : { property: chosen };
    onChange(withTest(is, test, valuesOf(value)));
  };
  return (
    <div className="mapping-key">
      <NativeSelect
        size="xs"
        label={t('mapping.conditionOn')}
        value={value.property ?? (value.field === undefined ? '' : `${FIELD}${value.field}`)}
        data={[
          { value: '', label: t('mapping.choose') },
          {
            group: t('mapping.properties'),
            items: usable.map(({ name }) => ({ value: name, label: words.property(name) })),
          },
          { group: t('mapping.fields'), items: fields.map(({ path }) => ({ value: `${FIELD}${path}`, label: path })) },
        ]}
        onChange={(event) => about(event.currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        label={t('mapping.condition')}
        value={test}
        data={TESTS.map((one) => ({ value: one, label: t(`mapping.testName.${one}`) }))}
        onChange={(event) =>
          onChange(withTest(value, TESTS.find((one) => one === event.currentTarget.value) ?? 'is', valuesOf(value)))
        }
      />
      {test === 'isEmpty' || test === 'isFilled' ? null : (
        <TagsInput
          size="xs"
          label={t('mapping.conditionValues')}
          value={valuesOf(value)}
          splitChars={[]}
          onChange={(values) => onChange(withTest(value, test, values))}
        />
      )}
      <ActionIcon variant="default" aria-label={t('mapping.removeCondition')} onClick={onRemove}>
        <CloseIcon size={14} aria-hidden />
      </ActionIcon>
    </div>
  );
}
