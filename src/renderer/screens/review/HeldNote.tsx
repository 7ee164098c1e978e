import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isOpenedReview } from '../../shell/slice.ts';
import { app, useApp } from '../../store.ts';
import { WarningIcon } from '../../ui/icons.ts';
import { useFormat } from '../../ui/use-format.ts';

/** What was approved and is not written before its number is typed (S1), and where to type it. */
export function HeldNote() {
  const { t } = useTranslation();
  const format = useFormat();
  const held = useApp((s) => s.overview?.flows.reduce((sum, flow) => sum + (flow.held ?? 0), 0) ?? 0);
  const isReview = useApp(isOpenedReview);
  if (held === 0 || isReview) return null;
  return (
    <section className="held-note" aria-label={t('review.held')}>
      <WarningIcon size={18} aria-hidden />
      <span>{t('review.heldNote', { count: held, shown: format.count(held) })}</span>
      <Button size="xs" variant="default" onClick={typeTheirNumber}>
        {t('review.typeNumber')}
      </Button>
    </section>
  );
}

/** Shows exactly what is held, so that the number asked for is theirs. */
export function typeTheirNumber(): void {
  const { filterReview, openBulk } = app();
  filterReview({ show: 'held', flow: undefined, target: undefined, op: undefined, find: undefined });
  openBulk('approve');
}
