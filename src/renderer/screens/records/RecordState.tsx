import { useTranslation } from 'react-i18next';
import type { RecordRow } from '../../../shared/contract/views.ts';
import type { Bucket } from '../../../shared/domain.ts';
import { StateBadge } from '../../ui/parts.tsx';
import type { Tone } from '../../ui/parts.tsx';

const BUCKET_TONE: Readonly<Record<Bucket, Tone>> = {
  inStep: 'good',
  proposed: 'waiting',
  mismatch: 'bad',
  skipped: 'calm',
  failed: 'bad',
};

/** What stands in the way of sync is told before how the last run counted the record. */
export function RecordState({ row }: { readonly row: RecordRow }) {
  const { t } = useTranslation();
  if (row.missing) return <StateBadge tone="bad">{t('records.missing')}</StateBadge>;
  if (row.direction === 'off') return <StateBadge tone="calm">{t('records.paused')}</StateBadge>;
  return <StateBadge tone={BUCKET_TONE[row.bucket]}>{t(`bucket.${row.bucket}`)}</StateBadge>;
}
