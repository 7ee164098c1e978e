import { useTranslation } from 'react-i18next';
import type { ChangeRow } from '../../shared/contract/views.ts';
import { presentValue } from './present.ts';
import { useSpeech } from './use-speech.ts';
import { useWords } from './use-words.ts';

/** The first changed properties with their new values. */
export function ChangedText({ row }: { readonly row: Pick<ChangeRow, 'changed' | 'changedMore'> }) {
  const { t } = useTranslation();
  const words = useWords();
  const speech = useSpeech();
  const parts = row.changed.map(({ property, type, to }) => {
    const value = presentValue(type, to, speech);
    const name = words.property(property);
    return value === undefined ? name : `${name}: ${value ?? t('value.empty')}`;
  });
  return <>{[...parts, ...(row.changedMore > 0 ? [`+${String(row.changedMore)}`] : [])].join(' · ')}</>;
}
