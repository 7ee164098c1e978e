import { Button, Menu } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isOpenedReview } from '../../../shell/slice.ts';
import { useApp } from '../../../store.ts';
import { MergeDialog } from './MergeDialog.tsx';
import { WriteDialog } from './WriteDialog.tsx';

/**
 * The way of a plan to a colleague and of the decisions back. An opened review has only the second half of its way left:
 * its decisions are written, to be brought back where it came from.
 */
export function PortableMenu() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'write' | 'merge' | null>(null);
  const isReview = useApp(isOpenedReview);
  const menu = useRef<HTMLButtonElement>(null);
  const close = (): void => setOpen(null);
  // The item leaves with its menu, so it is the button that the focus comes back to.
  const choose = (what: 'write' | 'merge'): void => {
    menu.current?.focus();
    setOpen(what);
  };
  return (
    <>
      {isReview ? (
        <Button onClick={() => setOpen('write')}>{t('portable.return.open')}</Button>
      ) : (
        <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <Button ref={menu} variant="default">
              {t('portable.menu')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => choose('write')}>{t('portable.export.open')}</Menu.Item>
            <Menu.Item onClick={() => choose('merge')}>{t('portable.merge.open')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <WriteDialog opened={open === 'write'} onClose={close} of={isReview ? 'return' : 'export'} />
      <MergeDialog opened={open === 'merge'} onClose={close} />
    </>
  );
}
