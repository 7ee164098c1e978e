import { useTranslation } from 'react-i18next';
import type { ConditionView, CreationView, MappingView, MatchKeyView } from '../../../shared/contract/mapping-views.ts';
import { SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import { useWords } from '../../ui/use-words.ts';
import { draftRules } from './rules.ts';
import type { Rules } from './rules.ts';
import type { Draft } from './slice.ts';

interface RuleWords {
  /** The keys of one strength in one line. */
  readonly keys: (keys: readonly MatchKeyView[], strength: MatchKeyView['strength']) => string;
  readonly creation: (side: Side, rule: CreationView) => string;
  readonly filter: (conditions: readonly ConditionView[]) => string;
}

/** What holds for a whole flow, in the window's language. */
export function useRuleWords(): RuleWords {
  const { t } = useTranslation();
  const words = useWords();
  const condition = ({ property, field, ...tests }: ConditionView): string => {
    const what = property === undefined ? (field ?? '') : words.property(property);
    if (tests.isEmpty !== undefined)
      return t(tests.isEmpty ? 'mapping.test.isEmpty' : 'mapping.test.isFilled', { what });
    const [test, values = []] = Object.entries(tests).find(([, given]) => Array.isArray(given)) ?? ['is'];
    return t(`mapping.test.${test}`, { what, values: Array.isArray(values) ? values.join(', ') : '' });
  };
  return {
    keys: (keys, strength) =>
      keys
        .filter((key) => key.strength === strength)
        .map((key) => key.properties.map(words.property).join(' + '))
        .join(', ') || t('mapping.noKeys'),
    creation: (side, { rule, referredToBy, numbers }) =>
      [
        t(`mapping.create.${rule}`, { kinds: referredToBy.map((kind) => t(`kindIn.${side}.${kind}`)).join(', ') }),
        ...(numbers === null ? [] : [t('mapping.numbers.range', range(numbers))]),
      ].join('; '),
    filter: (conditions) => conditions.map(condition).join('; ') || t('mapping.noFilter'),
  };
}

/** A number of a record is no amount, and is written without spaces. */
const range = ({ from, to }: NonNullable<CreationView['numbers']>) => ({ from: String(from), to: String(to) });

interface ChangedRule {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** The rules that a draft changes, each in words as it is and as it would be. */
export function useChangedRules(view: MappingView, { rules }: Draft): ChangedRule[] {
  const { t } = useTranslation();
  const words = useRuleWords();
  const after = draftRules(view, rules);
  const line = (name: string, of: (of: Rules) => string): ChangedRule => ({
    name,
    before: of(draftRules(view, {})),
    after: of(after),
  });
  const placeholders = ({ keys }: Rules): string =>
    keys.flatMap((key) => key.placeholders).join(', ') || t('mapping.noKeys');
  return [
    line(t('mapping.strongKeys'), ({ keys }) => words.keys(keys, 'strong')),
    line(t('mapping.weakKeys'), ({ keys }) => words.keys(keys, 'weak')),
    line(t('mapping.placeholders'), placeholders),
    ...SIDES.map((side) =>
      line(t('mapping.createIn', { system: t(`side.${side}`) }), ({ create }) => words.creation(side, create[side])),
    ),
    ...SIDES.map((side) =>
      line(t('mapping.filterIn', { system: t(`side.${side}`) }), ({ filter }) => words.filter(filter[side])),
    ),
  ].filter(({ before, after: now }) => before !== now);
}
