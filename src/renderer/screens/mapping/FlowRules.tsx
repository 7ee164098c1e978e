import { useTranslation } from 'react-i18next';
import type { MappingView } from '../../../shared/contract/mapping-views.ts';
import { SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import { useWords } from '../../ui/use-words.ts';

/** What holds for the whole flow: by which keys records find each other, and which get a counterpart. */
export function FlowRules({ view }: { readonly view: MappingView }) {
  const { t } = useTranslation();
  const words = useWords();
  const keys = (strength: 'strong' | 'weak'): string =>
    view.keys
      .filter((key) => key.strength === strength)
      .map((key) => key.properties.map(words.property).join(' + '))
      .join(', ') || t('mapping.noKeys');
  const creation = (side: Side): string => {
    const { rule, referredToBy } = view.create[side];
    const kinds = referredToBy.map((kind) => t(`kindIn.${side}.${kind}`)).join(', ');
    return t(`mapping.create.${rule}`, { kinds });
  };
  return (
    <dl className="mapping-rules">
      <div>
        <dt>{t('mapping.strongKeys')}</dt>
        <dd>{keys('strong')}</dd>
      </div>
      <div>
        <dt>{t('mapping.weakKeys')}</dt>
        <dd>{keys('weak')}</dd>
      </div>
      {SIDES.map((side) => (
        <div key={side}>
          <dt>{t('mapping.createIn', { system: t(`side.${side}`) })}</dt>
          <dd>{creation(side)}</dd>
        </div>
      ))}
    </dl>
  );
}
