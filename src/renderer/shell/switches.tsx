import { ActionIcon, SegmentedControl, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { switchLanguage } from '../i18n/index.ts';
import type { Language } from '../i18n/index.ts';
import { app } from '../store.ts';
import { MoonIcon, SunIcon } from '../ui/icons.ts';

/** Its texts may have to be fetched first, and the host may be gone. */
const speak = (language: Language): Promise<void> =>
  switchLanguage(language).catch(() => app().note({ tone: 'problem', failure: { kind: 'gone', problem: null } }));

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('shell.language')}
      value={i18n.language}
      onChange={(language) => void speak(language === 'nb' ? 'nb' : 'en')}
      data={[
        { value: 'en', label: 'English' },
        { value: 'nb', label: 'Norsk' },
      ]}
    />
  );
}

export function SchemeSwitch() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? t('shell.toLight') : t('shell.toDark');
  const Icon = dark ? SunIcon : MoonIcon;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
