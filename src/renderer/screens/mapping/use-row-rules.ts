import { useTranslation } from 'react-i18next';
import type { MappingRow } from '../../../shared/contract/mapping-views.ts';
import { SIDES } from '../../../shared/domain.ts';

/** The rules of a row in words, those that say something. */
export function useRowRules(): (row: MappingRow) => string[] {
  const { t } = useTranslation();
  return (row) => [
    ...(row.required ? [t('mapping.rule.required')] : []),
    ...(row.clearable ? [] : [t('mapping.rule.notCleared')]),
    ...(row.sensitive ? [t('mapping.rule.sensitive')] : []),
    ...(row.negated ? [t('mapping.rule.negated')] : []),
    ...(row.reference === null ? [] : [t('mapping.rule.reference', { kind: t(`kindIn.customerp.${row.reference}`) })]),
    ...SIDES.flatMap((side) => {
      const length = row.maxLength[side];
      return length === undefined
        ? []
        : [t('mapping.rule.length', { system: t(`side.${side}`), length: String(length) })];
    }),
    ...(row.values === null ? [] : [t('mapping.rule.values', { count: Object.keys(row.values).length })]),
    ...SIDES.flatMap((side) => {
      const { read } = row.convert[side] ?? {};
      return read === undefined ? [] : [t('mapping.rule.convert', { system: t(`side.${side}`), expression: read })];
    }),
    ...SIDES.flatMap((side) => {
      const value = row.onCreate[side];
      return value === undefined ? [] : [t('mapping.rule.onCreate', { system: t(`side.${side}`), value })];
    }),
    ...SIDES.flatMap((side) =>
      Object.entries(row.when[side] ?? {}).map(([field, texts]) =>
        t('mapping.rule.when', { system: t(`side.${side}`), field, values: texts.join(', ') }),
      ),
    ),
  ];
}
