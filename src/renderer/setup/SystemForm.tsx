import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PresetView, SystemDraft, SystemTest } from '../../shared/contract/setup.ts';
import type { Side } from '../../shared/domain.ts';
import { app } from '../store.ts';
import { DoneIcon } from '../ui/icons.ts';
import { ProblemNote } from '../ui/parts.tsx';
import { isWhole, systemOf } from './draft.ts';
import { findingOf } from './finding.ts';

interface SystemFormProps {
  readonly side: Side;
  readonly presets: readonly PresetView[];
  readonly system: SystemDraft;
  readonly tested: SystemTest | null;
  readonly onChange: (system: SystemDraft) => void;
  readonly onTested: (test: SystemTest) => void;
}

/** One system: what it is, where it is, and which variables hold its keys. A key itself is never typed here. */
export function SystemForm({ side, presets, system, tested, onChange, onTested }: SystemFormProps) {
  const { t } = useTranslation();
  const choose = (name: string): void => {
    const preset = presets.find((one) => one.name === name);
    if (preset !== undefined) onChange(systemOf(preset));
  };
  return (
    <>
      {presets.length > 1 ? (
        <NativeSelect
          label={t('setup.preset')}
          value={system.preset}
          data={presets.map(({ name }) => name)}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      ) : null}
      <TextInput
        label={t('setup.address')}
        description={t(`setup.addressHelp.${side}`)}
        placeholder="https://"
        type="url"
        required
        value={system.url}
        onChange={(event) => onChange({ ...system, url: event.currentTarget.value })}
      />
      <Keys system={system} onChange={onChange} />
      <Test side={side} system={system} tested={tested} onTested={onTested} />
    </>
  );
}

function Keys({ system, onChange }: Pick<SystemFormProps, 'system' | 'onChange'>) {
  const { t } = useTranslation();
  const keys = Object.entries(system.secrets);
  if (keys.length === 0) return null;
  return (
    <fieldset className="wizard-group">
      <legend>{t('setup.keys')}</legend>
      <p className="dim">{t('setup.keysHelp')}</p>
      {keys.map(([key, variable]) => (
        <TextInput
          key={key}
          label={t('setup.keyOf', { key })}
          required
          spellCheck={false}
          error={/^[A-Z][A-Z0-9_]*$/.test(variable) ? undefined : t('setup.notAVariable')}
          value={variable}
          onChange={(event) =>
            onChange({ ...system, secrets: { ...system.secrets, [key]: event.currentTarget.value } })
          }
        />
      ))}
    </fieldset>
  );
}

function Test({ side, system, tested, onTested }: Omit<SystemFormProps, 'presets' | 'onChange'>) {
  const { t } = useTranslation();
  const [testing, setTesting] = useState(false);
  const test = async (): Promise<void> => {
    setTesting(true);
    const found = await app().attempt((client) => client.setup.test({ side, system }));
    setTesting(false);
    if (found !== null) onTested(found);
  };
  return (
    <div className="test">
      <div>
        <Button variant="default" loading={testing} disabled={!isWhole(system)} onClick={() => void test()}>
          {t('setup.test')}
        </Button>
        <span className="dim"> {t('setup.testHelp')}</span>
      </div>
      <div aria-live="polite">{tested === null ? null : <Found test={tested} />}</div>
    </div>
  );
}

function Found({ test }: { readonly test: SystemTest }) {
  const { t } = useTranslation();
  const tell = (line: string): string => {
    const finding = findingOf(line);
    if (finding === null) return line;
    return t(`setup.found.${finding.found}`, {
      kind: t(`kindIn.${test.side}.${finding.kind}`),
      fields: finding.fields,
    });
  };
  if (test.problem !== null)
    return (
      <>
        <ProblemNote failure={{ kind: 'refused', problem: test.problem }} />
        {test.unset.length === 0 ? null : <p>{t('setup.unset', { variables: test.unset.join(', ') })}</p>}
      </>
    );
  return (
    <div className="found">
      <p>
        <DoneIcon size={16} aria-hidden /> <strong>{t('setup.answers', { system: t(`side.${test.side}`) })}</strong>
      </p>
      <ul>
        {test.findings.map((line) => (
          <li key={line}>{tell(line)}</li>
        ))}
      </ul>
    </div>
  );
}
