import { useTranslation } from 'react-i18next';
import type { MismatchRow } from '../../../shared/contract/views.ts';
import { useRailText } from '../../ui/use-rail-text.ts';

/** What a mismatch is called: its record, or, where it is about a whole flow, the flow. */
export function useMismatchLabel(): (
  row: Pick<MismatchRow, 'flow' | 'label' | 'kind' | 'customerpId' | 'tidsbankenId'>,
) => string {
  const { t } = useTranslation();
  return ({ flow, label, customerpId, tidsbankenId }) =>
    customerpId === null && tidsbankenId === null ? t('mismatches.wholeFlow', { flow: t(`flow.${flow}`) }) : label;
}

/** The figures of what is about a whole flow, in a sentence; null for any other. */
export function useFlowFinding(): (row: Pick<MismatchRow, 'kind' | 'detail'>) => string | null {
  const railText = useRailText();
  return ({ kind, detail }) => {
    if (kind !== 'rail' && kind !== 'timeShift') return null;
    const { rail = '', op = '', count = '', limit = '' } = detail;
    return railText(op === '' ? rail : `${rail}:${op}`, { count, limit });
  };
}
