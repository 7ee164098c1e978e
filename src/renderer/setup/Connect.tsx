import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SIDES } from '../../shared/domain.ts';
import { app, useApp } from '../store.ts';
import { firstDraft, isWhole, toSend, withSystem } from './draft.ts';
import type { Draft } from './draft.ts';
import { Scope } from './Scope.tsx';
import type { Choices } from './slice.ts';
import { SystemForm } from './SystemForm.tsx';

const STEPS = [...SIDES, 'scope'] as const;
type Step = (typeof STEPS)[number];

interface ConnectProps {
  readonly choices: Choices;
  readonly onBack: () => void;
}

/** Connecting one's own systems: each with its address and the names of its keys, then what is synchronised and where it is kept. */
export function Connect({ choices, onBack }: ConnectProps) {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>('customerp');
  const [draft, setDraft] = useState<Draft>(() => firstDraft(choices));
  const at = STEPS.indexOf(step);
  const work = useApp((s) => s.setupWork);
  const ready = toSend(draft);
  const mayGoOn = step === 'scope' ? ready !== null : isWhole(draft.systems[step]);
  const goOn = (): void => {
    const next = STEPS[at + 1];
    if (next !== undefined) setStep(next);
    else if (ready !== null) void app().createWorkspace(ready);
  };
  const goBack = (): void => {
    const before = STEPS[at - 1];
    if (before === undefined) onBack();
    else setStep(before);
  };
  return (
    <form
      className="panel wizard"
      onSubmit={(event) => {
        event.preventDefault();
        if (mayGoOn) goOn();
      }}
    >
      <div>
        <p className="dim">{t('setup.step', { step: at + 1, of: STEPS.length })}</p>
        <h1>{t(`setup.stepTitle.${step}`)}</h1>
      </div>
      {step === 'scope' ? (
        <Scope draft={draft} onChange={setDraft} />
      ) : (
        <SystemForm
          key={step}
          side={step}
          presets={choices.presets.filter((preset) => preset.side === step)}
          system={draft.systems[step]}
          tested={draft.tested[step]}
          onChange={(system) => setDraft((before) => withSystem(before, step, system))}
          onTested={(test) => setDraft((before) => ({ ...before, tested: { ...before.tested, [step]: test } }))}
        />
      )}
      <div className="wizard-actions">
        <Button variant="default" disabled={work !== null} onClick={goBack}>
          {t('setup.back')}
        </Button>
        <Button type="submit" loading={work === 'create'} disabled={!mayGoOn || work !== null}>
          {t(step === 'scope' ? 'setup.create' : 'setup.next')}
        </Button>
      </div>
    </form>
  );
}
