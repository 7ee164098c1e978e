import { Kbd } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { app, useApp } from '../store.ts';
import { screensOf } from './slice.ts';
import { GO_KEYS } from './use-shortcuts.ts';
import { Dialog } from '../ui/Dialog.tsx';

const IN_LISTS = [
  { keys: ['↑', '↓', 'j', 'k'], does: 'move' },
  { keys: ['Home', 'End', 'Page Up', 'Page Down'], does: 'jump' },
  { keys: ['Enter'], does: 'open' },
  { keys: ['Esc'], does: 'back' },
  { keys: ['Space'], does: 'select' },
  { keys: ['a'], does: 'approve' },
  { keys: ['r'], does: 'reject' },
  { keys: ['1', '…', '9'], does: 'wayOut' },
  { keys: ['/'], does: 'search' },
  { keys: ['?'], does: 'sheet' },
] as const;

/** The sheet of keys. */
export function Shortcuts() {
  const { t } = useTranslation();
  const opened = useApp((s) => s.shortcutsOpen);
  const screens = useApp(screensOf);
  return (
    <Dialog opened={opened} onClose={() => app().setShortcutsOpen(false)} title={t('shortcut.title')}>
      <dl className="keys">
        {Object.entries(GO_KEYS)
          .filter(([, screen]) => screens.includes(screen))
          .map(([key, screen]) => (
            <div key={key}>
              <dt>
                <Kbd>g</Kbd> <Kbd>{key}</Kbd>
              </dt>
              <dd>{t('shortcut.goTo', { screen: t(`screen.${screen}`) })}</dd>
            </div>
          ))}
        {IN_LISTS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{t(`shortcut.${does}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
