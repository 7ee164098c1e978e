import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RecordKey } from '../../shared/contract/views.ts';
import { mayRun } from '../shell/may-run.ts';
import { app, useApp } from '../store.ts';
import type { OneRun } from './slice.ts';

interface OneRecordButtonProps {
  readonly record: RecordKey;
  readonly does: OneRun;
}

/** Synchronises one record, or only looks at it again. Waits while any run is under way. */
export function OneRecordButton({ record, does }: OneRecordButtonProps) {
  const { t } = useTranslation();
  const own = useApp((s) => s.oneRun);
  const busy = useApp((s) => !mayRun(s));
  return (
    <Button
      size="xs"
      variant={does === 'sync' ? 'filled' : 'default'}
      loading={own === does}
      disabled={busy}
      title={t(`one.${does}Title`)}
      onClick={() => void app().runOne(record, does)}
    >
      {t(`one.${does}`)}
    </Button>
  );
}
