import { useTranslation } from 'react-i18next';
import type { MismatchDetail } from '../../../shared/contract/views.ts';
import type { Side } from '../../../shared/domain.ts';
import { app } from '../../store.ts';
import { ChooseRecord } from '../../ui/ChooseRecord.tsx';

/** The side on which a counterpart is missing; where both records are there, the candidates tell. */
const wantedSide = (mismatch: MismatchDetail): Side => {
  if (mismatch.customerpId === null) return 'customerp';
  if (mismatch.tidsbankenId === null) return 'tidsbanken';
  return mismatch.candidates[0]?.side ?? 'tidsbanken';
};

/** Which record this one belongs to: a candidate, or one found by search. */
export function LinkDialog({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  const { decideMismatches, openLinking } = app();
  return (
    <ChooseRecord
      title={t('link.title', { label: mismatch.label })}
      flow={mismatch.flow}
      side={wantedSide(mismatch)}
      candidates={mismatch.candidates}
      onClose={() => openLinking(null)}
      onChoose={(nativeId) => void decideMismatches([mismatch.id], 'link', nativeId)}
    />
  );
}
