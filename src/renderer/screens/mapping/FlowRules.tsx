import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MappingView, RuleEdits } from '../../../shared/contract/mapping-views.ts';
import { SIDES } from '../../../shared/domain.ts';
import { draftRules } from './rules.ts';
import { RulesDialog } from './RulesDialog.tsx';
import { useRuleWords } from './use-rule-words.ts';

/** What holds for the whole flow: by which keys records find each other, which get a counterpart, which take part. */
export function FlowRules({ view, rules }: { readonly view: MappingView; readonly rules: RuleEdits }) {
  const { t } = useTranslation();
  const words = useRuleWords();
  const [editing, setEditing] = useState(false);
  const now = draftRules(view, rules);
  const lines = [
    { name: t('mapping.strongKeys'), text: words.keys(now.keys, 'strong'), edited: rules.keys !== undefined },
    { name: t('mapping.weakKeys'), text: words.keys(now.keys, 'weak'), edited: rules.keys !== undefined },
    ...SIDES.map((side) => ({
      name: t('mapping.createIn', { system: t(`side.${side}`) }),
      text: words.creation(side, now.create[side]),
      edited: rules.create?.[side] !== undefined,
    })),
    ...SIDES.map((side) => ({
      name: t('mapping.filterIn', { system: t(`side.${side}`) }),
      text: words.filter(now.filter[side]),
      edited: rules.filter !== undefined,
    })),
  ];
  return (
    <div className="mapping-flow">
      <dl className="mapping-rules">
        {lines.map(({ name, text, edited }) => (
          <div key={name} data-edited={edited}>
            <dt>{edited ? `${name} · ${t('mapping.isEdited')}` : name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Button size="xs" variant="default" onClick={() => setEditing(true)}>
        {t('mapping.editRules')}
      </Button>
      {editing ? <RulesDialog view={view} rules={now} onClose={() => setEditing(false)} /> : null}
    </div>
  );
}
