import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MergeReport } from '../../../../shared/contract/portable.ts';
import { failureOf } from '../../../bridge.ts';
import type { Client, Failure } from '../../../bridge.ts';
import { app, useApp } from '../../../store.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { ProblemNote } from '../../../ui/parts.tsx';
import { useFormat } from '../../../ui/use-format.ts';
import { sendFile } from './file-wire.ts';
import { Outcomes } from './Outcomes.tsx';

interface MergeDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Brings decisions back: the file and its passphrase, then what became of each decision. */
export function MergeDialog({ opened, onClose }: MergeDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('portable.merge.title')} opened={opened} onClose={onClose} size="lg">
      <Merging onClose={onClose} />
    </Dialog>
  );
}

/** A file that lies at the host, with its passphrase: for a second try with a number typed. */
interface Handed {
  readonly id: string;
  readonly passphrase: string;
}

function Merging({ onClose }: Pick<MergeDialogProps, 'onClose'>) {
  const client = useApp((s) => s.client);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [merged, setMerged] = useState<{ readonly handed: Handed; readonly report: MergeReport } | null>(null);
  const attempt = async (work: (client: Client) => Promise<Handed>, confirmCount?: number): Promise<void> => {
    if (client === null) return;
    setBusy(true);
    setFailure(null);
    try {
      const handed = await work(client);
      const report = await client.portable.merge({
        ...handed,
        ...(confirmCount === undefined ? {} : { confirmCount }),
      });
      setMerged({ handed, report });
      app().changed();
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  };
  return (
    <div className="bulk">
      {failure === null ? null : <ProblemNote failure={failure} />}
      {merged === null ? (
        <FileForm
          busy={busy}
          onCancel={onClose}
          onFile={(file, passphrase) => void attempt(async (host) => ({ id: await sendFile(host, file), passphrase }))}
        />
      ) : (
        <Merged
          report={merged.report}
          busy={busy}
          onClose={onClose}
          onCount={(count) => void attempt(async () => merged.handed, count)}
        />
      )}
    </div>
  );
}

interface FileFormProps {
  readonly busy: boolean;
  readonly onCancel: () => void;
  readonly onFile: (file: File, passphrase: string) => void;
}

function FileForm({ busy, onCancel, onFile }: FileFormProps) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const ready = file !== null && passphrase !== '' && !busy;
  return (
    <form
      className="bulk"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onFile(file, passphrase);
      }}
    >
      <p>{t('portable.merge.text')}</p>
      <label className="file-field">
        <span>{t('portable.file')}</span>
        <input
          type="file"
          className="visually-hidden"
          onChange={(event) => setFile(event.currentTarget.files?.item(0) ?? null)}
        />
        <span className="file-chosen" aria-hidden>
          {file?.name ?? t('portable.chooseFile')}
        </span>
      </label>
      <PasswordInput
        label={t('portable.passphrase')}
        autoComplete="off"
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
      />
      <div className="bulk-actions">
        <Button variant="default" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
        <Button type="submit" disabled={!ready} loading={busy}>
          {t('portable.merge.do')}
        </Button>
      </div>
    </form>
  );
}

interface MergedProps {
  readonly report: MergeReport;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onCount: (count: number) => void;
}

function Merged({ report, busy, onClose, onCount }: MergedProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { person, installation, madeAt } = report;
  return (
    <>
      <p>{t('portable.merge.by', { person, installation, when: format.moment(madeAt) })}</p>
      <Outcomes report={report} />
      {report.needCount === 0 ? null : <CountForm count={report.needCount} busy={busy} onCount={onCount} />}
      <div className="bulk-actions">
        <Button onClick={onClose}>{t('action.close')}</Button>
      </div>
    </>
  );
}

/** S1: what is many of one sort is let go only by a person who types the number here. */
function CountForm({ count, busy, onCount }: { readonly count: number } & Pick<MergedProps, 'busy' | 'onCount'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const [typed, setTyped] = useState('');
  const ready = typed.trim() === String(count) && !busy;
  return (
    <form
      className="bulk-rails"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onCount(count);
      }}
    >
      <p>{t('portable.merge.held', { count, shown: format.count(count) })}</p>
      <TextInput
        label={t('bulk.type', { count })}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div className="bulk-actions">
        <Button type="submit" variant="default" disabled={!ready} loading={busy}>
          {t('portable.merge.letGo')}
        </Button>
      </div>
    </form>
  );
}
