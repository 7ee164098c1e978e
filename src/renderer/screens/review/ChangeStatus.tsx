import { useTranslation } from 'react-i18next';
import type { ChangeRow } from '../../../shared/contract/views.ts';
import type { ChangeState } from '../../../shared/domain.ts';
import { StateBadge } from '../../ui/parts.tsx';
import type { Tone } from '../../ui/parts.tsx';

/** `planned` is not here: what a planned change waits for is told by its approval. */
const STATE_TONE: Readonly<Record<Exclude<ChangeState, 'planned'>, Tone>> = {
  approved: 'good',
  deferred: 'calm',
  preparing: 'busy',
  sending: 'busy',
  acked: 'busy',
  unknown: 'waiting',
  manual: 'bad',
  verified: 'good',
  rejected: 'calm',
  superseded: 'calm',
  noop: 'calm',
  stale: 'waiting',
  failed: 'bad',
  notPersisted: 'bad',
  transformed: 'bad',
};

/** Approved, and not written as long as a safety rail holds it. */
export const isHeld = ({ state, rail }: Pick<ChangeRow, 'state' | 'rail'>): boolean =>
  rail !== null && (state === 'approved' || state === 'deferred');

/** Where a change stands, in a word. */
export function ChangeStatus({ row }: { readonly row: ChangeRow }) {
  const { t } = useTranslation();
  if (isHeld(row)) return <StateBadge tone="waiting">{t('review.held')}</StateBadge>;
  if (row.state === 'approved' && row.approved === 'some')
    return <StateBadge tone="busy">{t('review.partly')}</StateBadge>;
  if (row.state !== 'planned')
    return <StateBadge tone={STATE_TONE[row.state]}>{t(`changeState.${row.state}`)}</StateBadge>;
  if (row.approved === 'all') return <StateBadge tone="good">{t('changeState.approved')}</StateBadge>;
  return <StateBadge tone={row.needs === 'review' ? 'waiting' : 'calm'}>{t(`review.needs.${row.needs}`)}</StateBadge>;
}
