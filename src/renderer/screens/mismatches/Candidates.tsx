import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MismatchDetail } from '../../../shared/contract/views.ts';
import { app } from '../../store.ts';
import { CandidateKeys } from '../../ui/CandidateKeys.tsx';
import { SideName } from '../../ui/parts.tsx';

/** The records that could be the counterpart, each with its reasons; one click links. */
export function Candidates({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  const { decideMismatches } = app();
  if (mismatch.candidates.length === 0) return null;
  return (
    <div>
      <h3>{t('candidate.title')}</h3>
      <ul className="candidates">
        {mismatch.candidates.map((candidate) => (
          <li key={candidate.nativeId}>
            <div className="candidate-head">
              <SideName side={candidate.side} short /> <strong>{candidate.label}</strong> {candidate.nativeId}
              {candidate.linked ? <span className="dim">{t('candidate.linked')}</span> : null}
              {mismatch.takes.includes('link') && !candidate.linked ? (
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={t('candidate.linkTo', { label: candidate.label, id: candidate.nativeId })}
                  onClick={() => void decideMismatches([mismatch.id], 'link', candidate.nativeId)}
                >
                  {t('link.confirm')}
                </Button>
              ) : null}
            </div>
            <CandidateKeys keys={candidate.keys} />
          </li>
        ))}
      </ul>
    </div>
  );
}
