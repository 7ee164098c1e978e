import { ActionIcon, Button, MultiSelect, NativeSelect, TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MappingRow, MatchKeyView } from '../../../shared/contract/mapping-views.ts';
import { CloseIcon } from '../../ui/icons.ts';
import { useWords } from '../../ui/use-words.ts';

interface KeysProps {
  readonly rows: readonly MappingRow[];
  readonly keys: readonly MatchKeyView[];
  readonly onChange: (keys: MatchKeyView[]) => void;
}

/** By which properties records find each other (M2–M4). What is sensitive, or off, is no key. */
export function KeysEditor({ rows, keys, onChange }: KeysProps) {
  const { t } = useTranslation();
  const put = (index: number, key: MatchKeyView): void => onChange(keys.map((one, i) => (i === index ? key : one)));
  const add = (): void =>
    onChange([...keys, { name: freeName(keys), properties: [], strength: 'weak', placeholders: [] }]);
  return (
    <fieldset className="mapping-values">
      <legend>{t('mapping.matchKeys')}</legend>
      {keys.map((key, index) => (
        <KeyEditor
          key={key.name}
          rows={rows}
          value={key}
          onChange={(next) => put(index, next)}
          onRemove={() => onChange(keys.filter((_, i) => i !== index))}
        />
      ))}
      <Button size="xs" variant="default" onClick={add}>
        {t('mapping.addKey')}
      </Button>
    </fieldset>
  );
}

interface KeyProps {
  readonly rows: readonly MappingRow[];
  readonly value: MatchKeyView;
  readonly onChange: (key: MatchKeyView) => void;
  readonly onRemove: () => void;
}

function KeyEditor({ rows, value, onChange, onRemove }: KeyProps) {
  const { t } = useTranslation();
  const words = useWords();
  const usable = rows.filter((row) => !row.sensitive && (row.key || row.direction !== 'off'));
  const name = value.properties.map(words.property).join(' + ');
  return (
    <div className="mapping-key">
      <MultiSelect
        size="xs"
        label={t('mapping.keyProperties')}
        value={value.properties}
        data={usable.map((row) => ({ value: row.name, label: words.property(row.name) }))}
        onChange={(properties) => onChange({ ...value, properties })}
      />
      <NativeSelect
        size="xs"
        label={t('mapping.keyStrength')}
        value={value.strength}
        data={(['strong', 'weak'] as const).map((one) => ({ value: one, label: t(`mapping.strength.${one}`) }))}
        onChange={(event) =>
          onChange({ ...value, strength: event.currentTarget.value === 'strong' ? 'strong' : 'weak' })
        }
      />
      <TagsInput
        size="xs"
        label={t('mapping.placeholders')}
        value={value.placeholders}
        splitChars={[]}
        onChange={(placeholders) => onChange({ ...value, placeholders })}
      />
      <ActionIcon variant="default" aria-label={t('mapping.removeKey', { name })} onClick={onRemove}>
        <CloseIcon size={14} aria-hidden />
      </ActionIcon>
    </div>
  );
}

/** The name of a key is only an inner one, so nobody is asked for it. */
function freeName(keys: readonly MatchKeyView[]): string {
  let n = keys.length + 1;
  while (keys.some(({ name }) => name === `key${String(n)}`)) n += 1;
  return `key${String(n)}`;
}
