import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FolderList } from '../../shared/contract/setup.ts';
import { failureOf } from '../bridge.ts';
import type { Client, Failure } from '../bridge.ts';
import { app, useApp } from '../store.ts';
import { LoadingState, ProblemNote, StateBadge } from '../ui/parts.tsx';

/** Choosing a folder that holds a workspace: typed, or found by going through the folders of this computer. */
export function OpenFolder({ onBack }: { readonly onBack: () => void }) {
  const { t } = useTranslation();
  const [at, setAt] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const { list, failure } = useFolders(at);
  const work = useApp((s) => s.setupWork);
  const path = typed ?? list?.path ?? '';
  const go = (folder: string): void => {
    setTyped(null);
    setAt(folder);
  };
  return (
    <form
      className="panel wizard"
      onSubmit={(event) => {
        event.preventDefault();
        if (path !== '') void app().openFolder(path);
      }}
    >
      <div>
        <h1>{t('setup.open.title')}</h1>
        <p className="dim">{t('setup.open.help')}</p>
      </div>
      <TextInput
        label={t('setup.folder')}
        spellCheck={false}
        value={path}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {failure === null ? null : <ProblemNote failure={failure} />}
      {list === null ? failure === null ? <LoadingState /> : null : <Folders list={list} onGo={go} />}
      <div className="wizard-actions">
        <Button variant="default" disabled={work !== null} onClick={onBack}>
          {t('setup.back')}
        </Button>
        <Button type="submit" loading={work === 'open'} disabled={path === '' || work !== null}>
          {t('setup.open.button')}
        </Button>
      </div>
    </form>
  );
}

function Folders({ list, onGo }: { readonly list: FolderList; readonly onGo: (folder: string) => void }) {
  const { t } = useTranslation();
  const { parent } = list;
  return (
    <ul className="folders" aria-label={t('setup.open.folders', { path: list.path })}>
      {parent === null ? null : (
        <li>
          <button type="button" onClick={() => onGo(parent)}>
            ↑ {t('setup.open.up')}
          </button>
        </li>
      )}
      {list.folders.map((folder) => (
        <li key={folder.path}>
          <button type="button" onClick={() => onGo(folder.path)}>
            {folder.name}
            {folder.isWorkspace ? <StateBadge tone="good">{t('setup.open.workspace')}</StateBadge> : null}
          </button>
        </li>
      ))}
      {list.folders.length === 0 ? <li className="dim">{t('setup.open.none')}</li> : null}
      {list.isCut ? <li className="dim">{t('setup.open.cut')}</li> : null}
    </ul>
  );
}

interface Looked {
  readonly list: FolderList | null;
  readonly failure: Failure | null;
}

const askFolders = (client: Client, folder: string): Promise<FolderList> => client.setup.folders({ folder });

/** What is in a folder; the former list stays while the next is read. */
function useFolders(folder: string): Looked {
  const client = useApp((s) => s.client);
  const [looked, setLooked] = useState<Looked>({ list: null, failure: null });
  useEffect(() => {
    if (client === null) return undefined;
    let left = false;
    askFolders(client, folder).then(
      (list) => !left && setLooked({ list, failure: null }),
      (error: unknown) => !left && setLooked((before) => ({ ...before, failure: failureOf(error) })),
    );
    return () => {
      left = true;
    };
  }, [client, folder]);
  return looked;
}
