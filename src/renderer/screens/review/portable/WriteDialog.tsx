import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WrittenReview } from '../../../../shared/contract/portable.ts';
import { failureOf } from '../../../bridge.ts';
import type { Failure } from '../../../bridge.ts';
import { useApp } from '../../../store.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { saveBlob } from '../../../ui/csv.ts';
import { ProblemNote } from '../../../ui/parts.tsx';
import { useFormat } from '../../../ui/use-format.ts';
import { fetchFile } from './file-wire.ts';

const LEAST = 12;

interface WriteDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** `export`: a plan for a colleague; `return`: what was decided in an opened review. */
  readonly of: 'export' | 'return';
}

/** Asks for a passphrase, has the file written and hands it to the person. */
export function WriteDialog({ opened, onClose, of }: WriteDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t(`portable.${of}.title`)} opened={opened} onClose={onClose} size="lg">
      {of === 'return' ? <DecidedSoFar /> : null}
      <p>{t(`portable.${of}.text`)}</p>
      <WriteForm of={of} onClose={onClose} />
    </Dialog>
  );
}

function DecidedSoFar() {
  const { t } = useTranslation();
  const format = useFormat();
  const decided = useApp((s) => s.overview?.review?.decided);
  if (decided === undefined) return null;
  const { approved, rejected, mismatches } = decided;
  return (
    <p>
      {t('portable.return.decided', {
        approved: format.count(approved),
        rejected: format.count(rejected),
        mismatches: format.count(mismatches),
      })}
    </p>
  );
}

type Written = Omit<WrittenReview, 'path'>;

function WriteForm({ of, onClose }: Pick<WriteDialogProps, 'of' | 'onClose'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useApp((s) => s.client);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [written, setWritten] = useState<Written | null>(null);
  const isLong = passphrase.length >= LEAST;
  const ready = isLong && passphrase === again && client !== null && !busy;
  const write = async (): Promise<void> => {
    if (client === null) return;
    setBusy(true);
    setFailure(null);
    try {
      const file = await client.portable.write({ passphrase });
      const blob = await fetchFile(client, file.id);
      saveBlob(fileName(of), blob);
      setWritten(file);
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  };
  if (written !== null)
    return (
      <div className="bulk">
        <output>
          {t(`portable.${of}.done`, {
            changes: format.count(written.changes),
            mismatches: format.count(written.mismatches),
          })}
        </output>
        <div className="bulk-actions">
          <Button onClick={onClose}>{t('action.close')}</Button>
        </div>
      </div>
    );
  return (
    <form
      className="bulk"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void write();
      }}
    >
      {failure === null ? null : <ProblemNote failure={failure} />}
      <PasswordInput
        label={t('portable.passphrase')}
        description={t('portable.passphraseRule', { least: LEAST })}
        autoComplete="new-password"
        data-autofocus
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('portable.passphraseAgain')}
        autoComplete="new-password"
        value={again}
        error={isLong && again.length >= passphrase.length && again !== passphrase ? t('portable.differ') : null}
        onChange={(event) => setAgain(event.currentTarget.value)}
      />
      <div className="bulk-actions">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" disabled={!ready} loading={busy}>
          {t(`portable.${of}.write`)}
        </Button>
      </div>
    </form>
  );
}

const fileName = (of: 'export' | 'return'): string => {
  const day = new Date().toISOString().slice(0, 10);
  return `tidsbro-${of === 'export' ? 'plan' : 'decisions'}-${day}.tidsbro-review`;
};
