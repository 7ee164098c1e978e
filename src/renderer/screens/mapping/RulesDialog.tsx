import { Button, Checkbox, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CREATION_RULES } from '../../../shared/contract/mapping-views.ts';
import type { CreationView, MappingView } from '../../../shared/contract/mapping-views.ts';
import { KINDS, SIDES } from '../../../shared/domain.ts';
import type { Side } from '../../../shared/domain.ts';
import { app } from '../../store.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FilterEditor } from './FilterEditor.tsx';
import { KeysEditor } from './KeysEditor.tsx';
import { ruleEdits } from './rules.ts';
import type { Rules } from './rules.ts';

interface DialogProps {
  readonly view: MappingView;
  readonly rules: Rules;
  readonly onClose: () => void;
}

/** The rules of a flow; they join the draft of its rows, and nothing is written until that is saved. */
export function RulesDialog({ view, rules, onClose }: DialogProps) {
  const { t } = useTranslation();
  const [given, setGiven] = useState(rules);
  const patch = (change: Partial<Rules>): void => setGiven({ ...given, ...change });
  const apply = (event: React.FormEvent): void => {
    event.preventDefault();
    app().undoRules();
    app().editRules(ruleEdits(view, given));
    onClose();
  };
  return (
    <Dialog opened onClose={onClose} title={t('mapping.rulesTitle')} size="lg">
      <form className="bulk" onSubmit={apply}>
        <KeysEditor rows={view.rows} keys={given.keys} onChange={(keys) => patch({ keys })} />
        <fieldset className="mapping-values">
          <legend>{t('mapping.creation')}</legend>
          {SIDES.map((side) => (
            <CreationEditor
              key={side}
              side={side}
              referring={view.referring}
              choosesNumber={view.choosesNumber[side]}
              rule={given.create[side]}
              onChange={(rule) => patch({ create: { ...given.create, [side]: rule } })}
            />
          ))}
        </fieldset>
        {SIDES.map((side) => (
          <FilterEditor
            key={side}
            side={side}
            rows={view.rows}
            fields={view.fields[side]}
            conditions={given.filter[side]}
            onChange={(conditions) => patch({ filter: { ...given.filter, [side]: conditions } })}
          />
        ))}
        <div className="bulk-actions">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit">{t('mapping.applyRules')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface CreationProps {
  readonly side: Side;
  readonly referring: MappingView['referring'];
  readonly choosesNumber: boolean;
  readonly rule: CreationView;
  readonly onChange: (rule: CreationView) => void;
}

/** Which records of the other side get a counterpart on this one. */
function CreationEditor({ side, referring, choosesNumber, rule, onChange }: CreationProps) {
  const { t } = useTranslation();
  const choose = (value: string): void => {
    const chosen = CREATION_RULES.find((one) => one === value) ?? 'never';
    onChange({ ...rule, rule: chosen, referredToBy: chosen === 'ifReferredTo' ? [...referring] : [] });
  };
  const offered = CREATION_RULES.filter((one) => one !== 'ifReferredTo' || referring.length > 0);
  return (
    <>
      <NativeSelect
        size="xs"
        label={t('mapping.createIn', { system: t(`side.${side}`) })}
        value={rule.rule}
        data={offered.map((value) => ({ value, label: t(`mapping.createRule.${value}`) }))}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {rule.rule === 'ifReferredTo' ? (
        <Checkbox.Group
          label={t('mapping.referredToBy')}
          value={rule.referredToBy}
          onChange={(kinds) => onChange({ ...rule, referredToBy: KINDS.filter((kind) => kinds.includes(kind)) })}
        >
          {referring.map((kind) => (
            <Checkbox key={kind} value={kind} label={t(`kindIn.${side}.${kind}`)} />
          ))}
        </Checkbox.Group>
      ) : null}
      {choosesNumber ? (
        <NumbersEditor side={side} numbers={rule.numbers} onChange={(numbers) => onChange({ ...rule, numbers })} />
      ) : null}
    </>
  );
}

interface NumbersProps {
  readonly side: Side;
  readonly numbers: CreationView['numbers'];
  readonly onChange: (numbers: CreationView['numbers']) => void;
}

/** K8: the range for new records whose own number cannot be used. Both fields empty: a person is asked. */
function NumbersEditor({ side, numbers, onChange }: NumbersProps) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<Readonly<Record<End, number | null>>>(numbers ?? { from: null, to: null });
  const change = (end: End, value: string | number): void => {
    const next = { ...given, [end]: typeof value === 'number' ? value : null };
    setGiven(next);
    onChange(next.from === null || next.to === null ? null : { from: next.from, to: next.to });
  };
  const isTurned = given.from !== null && given.to !== null && given.from > given.to;
  return (
    <fieldset className="mapping-numbers">
      <legend>{t('mapping.numbersIn', { system: t(`side.${side}`) })}</legend>
      {ENDS.map((end) => (
        <NumberInput
          key={end}
          size="xs"
          label={t(`mapping.numbers.${end}`)}
          value={given[end] ?? ''}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          required={ENDS.some((other) => given[other] !== null)}
          error={isTurned && end === 'to' ? t('mapping.numbers.turned') : null}
          onChange={(value) => change(end, value)}
        />
      ))}
    </fieldset>
  );
}

const ENDS = ['from', 'to'] as const;
type End = (typeof ENDS)[number];
