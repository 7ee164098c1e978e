import { Autocomplete, Checkbox, NativeSelect, NumberInput } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { FieldView, MappingView, RowEdit } from '../../../shared/contract/mapping-views.ts';
import { DIRECTIONS, SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import { app } from '../../store.ts';
import type { DraftRow } from './draft.ts';
import { Conversions } from './Conversions.tsx';
import { RowConditions } from './RowConditions.tsx';
import { ValueMap } from './ValueMap.tsx';

interface EditorProps {
  readonly view: MappingView;
  readonly rows: readonly DraftRow[];
  readonly row: DraftRow;
}

/** Types that may be cut to a length; half of any other value is another value. */
const CUTTABLE = new Set(['string', 'multiline', 'email']);

/** The words of one row, each completed from what both systems declare. Nothing is written until it is saved. */
export function RowEditor({ view, rows, row }: EditorProps) {
  const { t } = useTranslation();
  const edit = (change: RowEdit): void => app().editRow(row.name, change);
  const groups = [...new Set(rows.flatMap(({ group }) => group ?? []))];
  return (
    <div className="mapping-editor">
      {SIDES.map((side) => (
        <FieldInput key={side} side={side} row={row} fields={view.fields[side]} onEdit={edit} />
      ))}
      <NativeSelect
        size="xs"
        label={t('mapping.type')}
        value={row.type}
        data={view.types.map((value) => ({ value, label: t(`valueType.${value}`) }))}
        onChange={(event) => edit({ type: event.currentTarget.value })}
      />
      {row.key ? null : (
        <NativeSelect
          size="xs"
          label={t('mapping.direction')}
          value={row.direction}
          data={DIRECTIONS.map((value) => ({ value, label: t(`mapping.way.${value}`) }))}
          onChange={(event) =>
            edit({ direction: DIRECTIONS.find((one) => one === event.currentTarget.value) ?? 'both' })
          }
        />
      )}
      <NativeSelect
        size="xs"
        label={t('mapping.master')}
        description={t('mapping.masterHint')}
        value={row.master}
        data={SIDES.map((value) => ({ value, label: t(`side.${value}`) }))}
        onChange={(event) => edit({ master: SIDES.find((one) => one === event.currentTarget.value) ?? 'customerp' })}
      />
      <Autocomplete
        size="xs"
        label={t('mapping.group')}
        description={t('mapping.groupHint')}
        value={row.group ?? ''}
        data={groups}
        onChange={(group) => edit({ group: group === '' ? null : group })}
      />
      {CUTTABLE.has(row.type)
        ? SIDES.map((side) => <LengthInput key={side} side={side} row={row} onEdit={edit} />)
        : null}
      <Checkbox
        label={t('mapping.rule.required')}
        checked={row.required}
        onChange={(event) => edit({ required: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('mapping.mayClear')}
        checked={row.clearable}
        onChange={(event) => edit({ clearable: event.currentTarget.checked })}
      />
      {row.type === 'boolean' ? (
        <Checkbox
          label={t('mapping.rule.negated')}
          checked={row.negated}
          onChange={(event) => edit({ negated: event.currentTarget.checked })}
        />
      ) : null}
      <Checkbox
        label={t('mapping.isSensitive')}
        description={t('mapping.sensitiveHint')}
        checked={row.sensitive}
        onChange={(event) => edit({ sensitive: event.currentTarget.checked })}
      />
      {row.type === 'enum' ? <ValueMap row={row} onEdit={edit} /> : null}
      <Conversions row={row} onEdit={edit} />
      <RowConditions row={row} fields={view.fields} onEdit={edit} />
    </div>
  );
}

interface InputProps {
  readonly side: Side;
  readonly row: DraftRow;
  readonly onEdit: (change: RowEdit) => void;
}

function FieldInput({ side, row, fields, onEdit }: InputProps & { readonly fields: readonly FieldView[] }) {
  const { t } = useTranslation();
  const about = aboutField(t, row[side], fields);
  return (
    <Autocomplete
      size="xs"
      label={t(`mapping.${side}`)}
      description={about.join(', ') || t('mapping.notDeclared')}
      value={row[side]}
      data={fields.map(({ path }) => path)}
      limit={12}
      onChange={(field) => onEdit({ [side]: field === '' ? null : field })}
    />
  );
}

/** What the system declares of a field, or of each of several that hold the value together; nothing: it is not known. */
function aboutField(t: TFunction, text: string, fields: readonly FieldView[]): string[] {
  const paths = text.split(/\s+\+\s+/);
  const declared = paths.flatMap((path) => fields.find((field) => field.path === path) ?? []);
  if (declared.length < paths.length) return [];
  const readOnly = declared.some((field) => field.readOnly) ? [t('mapping.readOnly')] : [];
  const [one, ...others] = declared;
  if (one === undefined || others.length > 0) return [t('mapping.combined', { count: paths.length }), ...readOnly];
  const { json, maxLength } = one;
  const holds = maxLength === null ? [] : [t('mapping.holds', { length: String(maxLength) })];
  return [t(`fieldJson.${json}`), ...readOnly, ...holds];
}

function LengthInput({ side, row, onEdit }: InputProps) {
  const { t } = useTranslation();
  const change = (given: number | string): void => {
    const { [side]: _before, ...other } = row.maxLength;
    const next = typeof given === 'number' && given > 0 ? { ...other, [side]: given } : other;
    onEdit({ maxLength: next });
  };
  return (
    <NumberInput
      size="xs"
      label={t('mapping.longest', { system: t(`side.${side}`) })}
      min={1}
      max={1_000_000}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      value={row.maxLength[side] ?? ''}
      onChange={change}
    />
  );
}
