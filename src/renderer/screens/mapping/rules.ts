import type { ConditionView, MappingView, RuleEdits } from '../../../shared/contract/mapping-views.ts';

/** All rules of a flow, each as it would be once saved. */
export type Rules = Pick<MappingView, 'keys' | 'create' | 'filter'>;

export const draftRules = ({ keys, create, filter }: Rules, rules: RuleEdits): Rules => ({
  keys: rules.keys ?? keys,
  create: {
    customerp: rules.create?.customerp ?? create.customerp,
    tidsbanken: rules.create?.tidsbanken ?? create.tidsbanken,
  },
  filter: rules.filter ?? filter,
});

export const TESTS = ['is', 'isNot', 'startsWith', 'isEmpty', 'isFilled'] as const;
export type Test = (typeof TESTS)[number];

/** Which of the tests a condition has. */
export const testOf = ({ isEmpty, isNot, startsWith }: ConditionView): Test =>
  isEmpty !== undefined
    ? isEmpty
      ? 'isEmpty'
      : 'isFilled'
    : isNot !== undefined
      ? 'isNot'
      : startsWith === undefined
        ? 'is'
        : 'startsWith';

export const valuesOf = ({ is, isNot, startsWith }: ConditionView): string[] => is ?? isNot ?? startsWith ?? [];

/** The same condition with another test; what it is about and its texts stay. */
export function withTest({ property, field }: ConditionView, test: Test, values: string[]): ConditionView {
  const about = { ...(property === undefined ? {} : { property }), ...(field === undefined ? {} : { field }) };
  if (test === 'isEmpty' || test === 'isFilled') return { ...about, isEmpty: test === 'isEmpty' };
  return { ...about, [test]: values };
}

const isWhole = (condition: ConditionView): boolean =>
  (condition.property ?? condition.field ?? '') !== '' &&
  (condition.isEmpty !== undefined || valuesOf(condition).length > 0);

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What is to be edited so that the flow has these rules: without what is only begun, and without what stays as it is. */
export function ruleEdits(view: Rules, { keys, create, filter }: Rules): RuleEdits {
  const whole = {
    keys: keys.filter(({ properties }) => properties.length > 0),
    create,
    filter: { customerp: filter.customerp.filter(isWhole), tidsbanken: filter.tidsbanken.filter(isWhole) },
  };
  return {
    ...(isSame(whole.keys, view.keys) ? {} : { keys: whole.keys }),
    ...(isSame(whole.create, view.create) ? {} : { create: whole.create }),
    ...(isSame(whole.filter, view.filter) ? {} : { filter: whole.filter }),
  };
}
