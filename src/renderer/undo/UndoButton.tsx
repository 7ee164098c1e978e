import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../store.ts';
import { UndoDialog } from './UndoDialog.tsx';
import type { Scope } from './UndoDialog.tsx';

interface UndoButtonProps {
  readonly scope: Scope;
  /** What would be undone, for the title of the dialog and for who does not see where the button stands. */
  readonly title: string;
  readonly size?: 'xs' | 'compact-xs';
}

/** Leads to what undo would come to; nothing is proposed, let alone written, by this button. */
export function UndoButton({ scope, title, size = 'xs' }: UndoButtonProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const isOnline = useApp((s) => s.connection === 'online');
  return (
    <>
      <Button size={size} variant="default" disabled={!isOnline} title={title} onClick={() => setOpen(true)}>
        {t('undo.button')}
      </Button>
      <UndoDialog scope={isOpen ? scope : null} title={title} onClose={() => setOpen(false)} />
    </>
  );
}
