import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Speech } from './present.ts';
import { localeOf } from './use-format.ts';

/** How the window's language says values. */
export function useSpeech(): Speech {
  const { t, i18n } = useTranslation();
  return useMemo(
    () => ({
      yes: t('presented.yes'),
      no: t('presented.no'),
      created: t('presented.new'),
      locale: localeOf(i18n.language),
    }),
    [t, i18n.language],
  );
}
