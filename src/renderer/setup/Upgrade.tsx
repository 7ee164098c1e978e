import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { UPGRADE_STEPS } from '../../shared/contract/setup.ts';
import type { UpgradeState } from '../../shared/contract/setup.ts';
import { app } from '../store.ts';
import { ProblemNote } from '../ui/parts.tsx';
import { useFormat } from '../ui/use-format.ts';
import { BeforeWorkspace } from './BeforeWorkspace.tsx';

const ASK_MS = 500;

/** Z10: what is being done to a store of an earlier version, and how far it is. Nothing else can be done meanwhile. */
export function Upgrade({ upgrade }: { readonly upgrade: UpgradeState }) {
  const { t } = useTranslation();
  const { problem } = upgrade;
  const goesOn = problem === null;
  useEffect(() => {
    if (!goesOn) return undefined;
    const timer = setInterval(() => void app().followUpgrade(), ASK_MS);
    return () => clearInterval(timer);
  }, [goesOn]);
  return (
    <BeforeWorkspace>
      <h1>{t('upgrade.title')}</h1>
      <p className="dim">{t('upgrade.lead')}</p>
      <Steps upgrade={upgrade} />
      {problem === null ? null : <ProblemNote failure={{ kind: 'refused', problem }} />}
    </BeforeWorkspace>
  );
}

function Steps({ upgrade: { step, read, problem } }: { readonly upgrade: UpgradeState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const at = UPGRADE_STEPS.indexOf(step);
  const standing = (n: number): string => {
    if (n < at) return t('upgrade.done');
    if (n > at) return t('upgrade.waits');
    if (problem !== null) return t('upgrade.failed');
    return n === 0 && read < 1 ? t('upgrade.read', { share: format.share(read) }) : t('upgrade.now');
  };
  return (
    <ol className="upgrade">
      {UPGRADE_STEPS.map((one, n) => (
        <li key={one} aria-current={n === at ? 'step' : undefined}>
          {t(`upgrade.step.${one}`)} <span className="dim">{standing(n)}</span>
        </li>
      ))}
    </ol>
  );
}
