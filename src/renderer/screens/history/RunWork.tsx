import { useTranslation } from 'react-i18next';
import type { StageWork, SystemWork } from '../../../shared/contract/run-work.ts';
import { SIDES } from '../../../shared/domain.ts';
import { localeOf, useFormat } from '../../ui/use-format.ts';
import './run-work.css';

/** What each stage of a run took, and which system held it up. Nothing for runs before it was counted. */
export function RunWork({ work = [] }: { readonly work: readonly StageWork[] | undefined }) {
  const { t } = useTranslation();
  const { count } = useFormat();
  if (work.length === 0) return null;
  const refusals = SIDES.map((side) => ({ side, refused: total(work, side, ({ refused }) => refused) }));
  return (
    <details className="run-work">
      <summary>{t('work.title')}</summary>
      <p className="dim">{t('work.lead')}</p>
      <WorkTable work={work} />
      {refusals
        .filter(({ refused }) => refused > 0)
        .map(({ side, refused }) => (
          <p key={side}>{t('work.refused', { system: t(`side.${side}`), count: refused, shown: count(refused) })}</p>
        ))}
    </details>
  );
}

const HEADS = ['time', 'requests', 'data', 'waited', 'statements'] as const;

const both = (row: StageWork, of: (system: SystemWork) => number): number =>
  SIDES.reduce((sum, side) => sum + of(row.systems[side]), 0);

function WorkTable({ work }: { readonly work: readonly StageWork[] }) {
  const { t } = useTranslation();
  const { count } = useFormat();
  const amount = useAmount();
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{t('work.stage')}</th>
          {HEADS.map((head) => (
            <th scope="col" key={head}>
              {t(`work.${head}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {work.map((row) => (
          <tr key={row.stage}>
            <th scope="row">{t(`stage.${row.stage}`)}</th>
            <td>{amount(row.ms / 1000, 'second')}</td>
            <td>{SIDES.map((side) => count(row.systems[side].requests)).join(' / ')}</td>
            <td>{amount(both(row, ({ bytesReceived }) => bytesReceived) / 1000, 'kilobyte')}</td>
            <td>{amount(both(row, ({ waitedMs }) => waitedMs) / 1000, 'second')}</td>
            <td>{count(row.statements)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const total = (work: readonly StageWork[], side: (typeof SIDES)[number], of: (system: SystemWork) => number): number =>
  work.reduce((sum, row) => sum + of(row.systems[side]), 0);

/** A measure with one decimal while it is small. */
function useAmount(): (value: number, unit: 'second' | 'kilobyte') => string {
  const { i18n } = useTranslation();
  return (value, unit) =>
    new Intl.NumberFormat(localeOf(i18n.language), {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: value < 100 ? 1 : 0,
    }).format(value);
}
