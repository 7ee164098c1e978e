import { useTranslation } from 'react-i18next';
import type { ProblemView } from '../bridge.ts';
import { ProblemNote } from '../ui/parts.tsx';
import { BeforeWorkspace } from './BeforeWorkspace.tsx';

/** Why the workspace was not opened. Never loaded late: what serves the window ends when it has told it. */
export function Refused({ problem }: { readonly problem: ProblemView }) {
  const { t } = useTranslation();
  return (
    <BeforeWorkspace>
      <h1>{t('refused.title')}</h1>
      <ProblemNote failure={{ kind: 'refused', problem }} />
      <p className="dim">{t('refused.lead')}</p>
    </BeforeWorkspace>
  );
}
