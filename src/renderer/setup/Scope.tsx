import { Checkbox, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SIDES } from '../../shared/domain.ts';
import type { Flow } from '../../shared/domain.ts';
import { CHOSEN_FLOWS, isSound } from './draft.ts';
import type { Draft } from './draft.ts';

interface ScopeProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

/** Which flows are synchronised, where the workspace is kept, and what happens next. */
export function Scope({ draft, onChange }: ScopeProps) {
  const { t } = useTranslation();
  const toggle = (flow: Flow, on: boolean): void =>
    onChange({ ...draft, flows: CHOSEN_FLOWS.filter((one) => (one === flow ? on : draft.flows.includes(one))) });
  const untested = SIDES.filter((side) => !isSound(draft.tested[side]));
  return (
    <>
      <fieldset className="wizard-group">
        <legend>{t('setup.flows')}</legend>
        {CHOSEN_FLOWS.map((flow) => (
          <Checkbox
            key={flow}
            label={`${t(`flow.${flow}`)} (${t(`flowPair.${flow}`)})`}
            checked={draft.flows.includes(flow)}
            onChange={(event) => toggle(flow, event.currentTarget.checked)}
          />
        ))}
      </fieldset>
      <TextInput
        label={t('setup.name')}
        description={t('setup.nameHelp')}
        required
        value={draft.name}
        onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
      />
      <TextInput
        label={t('setup.folder')}
        description={t('setup.folderHelp')}
        required
        spellCheck={false}
        value={draft.folder}
        onChange={(event) => onChange({ ...draft, folder: event.currentTarget.value })}
      />
      {untested.length === 0 ? null : (
        <p className="untested">
          {t('setup.untested', { systems: untested.map((side) => t(`side.${side}`)).join(', ') })}
        </p>
      )}
      <div>
        <h2>{t('setup.after')}</h2>
        <ol>
          {(['read', 'match', 'plan'] as const).map((step) => (
            <li key={step}>{t(`setup.afterStep.${step}`)}</li>
          ))}
        </ol>
      </div>
    </>
  );
}
