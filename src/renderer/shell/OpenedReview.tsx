import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { app, useApp } from '../store.ts';
import { useFormat } from '../ui/use-format.ts';
import { screensOf } from './slice.ts';

/** An opened review says so in the title bar, and keeps to the screens it has. */
export function useOpenedReview(): void {
  const { t } = useTranslation();
  const from = useApp((s) => s.overview?.review?.from);
  const isElsewhere = useApp((s) => !screensOf(s).includes(s.screen));
  useEffect(() => {
    document.title = from === undefined ? 'Tidsbro' : t('portable.windowTitle', { from });
  }, [from, t]);
  useEffect(() => {
    if (isElsewhere) app().goTo('review');
  }, [isElsewhere]);
}

/** Whose plan it is, as whom one decides, and that nothing can be written from here. */
export function ReviewBanner() {
  const { t } = useTranslation();
  const format = useFormat();
  const review = useApp((s) => s.overview?.review);
  if (review === undefined) return null;
  const { from, exportedBy, exportedAt, person } = review;
  return (
    <aside className="banner" aria-label={t('portable.banner.label')}>
      <span className="banner-tag">{t('portable.banner.label')}</span>
      <span className="banner-text">
        {t('portable.banner.text', { from, by: exportedBy, when: format.moment(exportedAt), person })}
      </span>
    </aside>
  );
}
