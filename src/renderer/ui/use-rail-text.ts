import { useTranslation } from 'react-i18next';

/** A rail by its id and what it counted, such as `S1:create`, as a sentence; one not known here is shown as it came. */
export function useRailText(): (rail: string) => string {
  const { t, i18n } = useTranslation();
  return (rail) => {
    const [id = '', op = ''] = rail.split(':');
    if (!i18n.exists(`rail.${id}`)) return rail;
    const what = i18n.exists(`railOp.${op}`) ? t(`railOp.${op}`) : t('railOp.any');
    return `${id}: ${t(`rail.${id}`, { what })}`;
  };
}
