import { useTranslation } from 'react-i18next';
import { SIDES } from '../../shared/domain.ts';
import type { Side } from '../../shared/domain.ts';
import { OpenElsewhereIcon } from './icons.ts';

/** Links to the records of a pair in their own systems, where their pages are known. */
export function RecordPages({ pages }: { readonly pages: Partial<Record<Side, string | undefined>> }) {
  const { t } = useTranslation();
  return SIDES.flatMap((side) => {
    const page = pages[side];
    return page === undefined
      ? []
      : [
          <a key={side} className="elsewhere" href={page} target="_blank" rel="noreferrer">
            {t('systems.open', { system: t(`side.${side}`) })} <OpenElsewhereIcon size={14} aria-hidden />
          </a>,
        ];
  });
}
