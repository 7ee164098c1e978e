import { useTranslation } from 'react-i18next';
import { useWords } from './use-words.ts';

/** The figures of a rail: how many it counted, and how many may pass. */
export type RailFigures = Readonly<Record<string, string | number>>;

const BY_GROUP = 'group';

/**
 * A rail by its id and what it counted, such as `S1:create`, as a sentence; with its figures where they are known. One
 * not known here is shown as it came.
 */
export function useRailText(): (rail: string, figures?: RailFigures) => string {
  const { t, i18n } = useTranslation();
  const { group } = useWords();
  return (rail, figures = {}) => {
    const [id = '', op = '', name = ''] = rail.split(':');
    if (!i18n.exists(`rail.${id}`)) return rail;
    const known = i18n.exists(`railOp.${op}`) ? `railOp.${op}` : 'railOp.any';
    const what = op === BY_GROUP && name !== '' ? t('railOp.named', { group: group(name) }) : t(known);
    const { count, limit } = figures;
    const counted =
      count === undefined || limit === undefined || id !== 'S1' ? '' : ` ${t('rail.counted', { shown: count, limit })}`;
    return `${t(`rail.${id}`, { what })}${counted}`;
  };
}
