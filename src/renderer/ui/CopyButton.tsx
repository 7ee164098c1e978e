import { ActionIcon, CopyButton as Copying, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyIcon, DoneIcon } from './icons.ts';

/** Copies a value as it is stored, so that it can be pasted into the system itself. Says so when it is done. */
export function CopyButton({ value, label }: { readonly value: string; readonly label: string }) {
  const { t } = useTranslation();
  return (
    <Copying value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('action.copied') : label}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={copied ? t('action.copied') : label}
            onClick={copy}
          >
            {copied ? <DoneIcon size={14} aria-hidden /> : <CopyIcon size={14} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </Copying>
  );
}
