import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { app, useApp } from '../store.ts';
import { ProblemNote } from '../ui/parts.tsx';
import { BeforeWorkspace } from './BeforeWorkspace.tsx';
import { Connect } from './Connect.tsx';
import { OpenFolder } from './OpenFolder.tsx';
import type { Choices } from './slice.ts';

type Page = 'choose' | 'connect' | 'open';

/** The first start: three ways in, before any workspace is open. */
export function Welcome({ choices }: { readonly choices: Choices }) {
  const [page, setPage] = useState<Page>('choose');
  const failure = useApp((s) => s.setupFailure);
  const back = (): void => setPage('choose');
  return (
    <BeforeWorkspace>
      {failure === null ? null : <ProblemNote failure={failure} />}
      {page === 'choose' ? <Ways onChoose={setPage} /> : null}
      {page === 'connect' ? <Connect choices={choices} onBack={back} /> : null}
      {page === 'open' ? <OpenFolder onBack={back} /> : null}
    </BeforeWorkspace>
  );
}

function Ways({ onChoose }: { readonly onChoose: (page: Page) => void }) {
  const { t } = useTranslation();
  const work = useApp((s) => s.setupWork);
  return (
    <>
      <div>
        <h1>{t('setup.title')}</h1>
        <p className="dim">{t('setup.lead')}</p>
      </div>
      <ul className="ways-in">
        <Way way="demo">
          <Button loading={work === 'demo'} disabled={work !== null} onClick={() => void app().tryDemo()}>
            {t('setup.demo.button')}
          </Button>
        </Way>
        <Way way="connect">
          <Button variant="default" disabled={work !== null} onClick={() => onChoose('connect')}>
            {t('setup.connect.button')}
          </Button>
        </Way>
        <Way way="open">
          <Button variant="default" disabled={work !== null} onClick={() => onChoose('open')}>
            {t('setup.open.button')}
          </Button>
        </Way>
      </ul>
    </>
  );
}

function Way({ way, children }: { readonly way: 'demo' | 'connect' | 'open'; readonly children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <li className="panel">
      <h2>{t(`setup.${way}.title`)}</h2>
      <p>{t(`setup.${way}.text`)}</p>
      {children}
    </li>
  );
}
