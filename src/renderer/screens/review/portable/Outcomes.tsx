import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BROUGHT_BACK } from '../../../../shared/contract/portable.ts';
import type { BroughtBackRow, MergeReport } from '../../../../shared/contract/portable.ts';
import type { Client } from '../../../bridge.ts';
import { FlowIcon, LoadingState, ProblemNote, StateBadge } from '../../../ui/parts.tsx';
import type { Tone } from '../../../ui/parts.tsx';
import { useCall } from '../../../ui/use-call.ts';
import { useFormat } from '../../../ui/use-format.ts';
import './portable.css';

type Outcome = BroughtBackRow['outcome'];

const TONES = {
  applied: 'good',
  already: 'calm',
  stale: 'waiting',
  unknown: 'waiting',
  notAllowed: 'bad',
} as const satisfies Record<Outcome, Tone>;

/** What needs a look comes before what is done. */
const FIRST_LOOK: readonly Outcome[] = ['notAllowed', 'stale', 'unknown', 'applied', 'already'];
const PAGE = 50;

interface Asked {
  readonly review: string;
  readonly outcome: Outcome;
  readonly offset: number;
  /** A second merge of the same review has other outcomes. */
  readonly counts: string;
}
const askOutcomes = (client: Client, { review, outcome, offset }: Asked) =>
  client.portable.outcomes({ review, outcome, offset, limit: PAGE });

/** The decisions that were brought back, by what became of them; of those that were not carried out, why. */
export function Outcomes({ report }: { readonly report: MergeReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [chosen, setChosen] = useState<Outcome | null>(null);
  const there = BROUGHT_BACK.filter((outcome) => report.counts[outcome] > 0);
  const shown = chosen ?? FIRST_LOOK.find((outcome) => report.counts[outcome] > 0);
  if (shown === undefined) return <output>{t('portable.merge.empty')}</output>;
  return (
    <>
      <output className="visually-hidden">
        {there
          .map((outcome) => `${t(`portable.outcome.${outcome}`)}: ${format.count(report.counts[outcome])}`)
          .join(', ')}
      </output>
      <fieldset className="chips" aria-label={t('portable.outcomes')}>
        {there.map((outcome) => (
          <button
            key={outcome}
            type="button"
            className="chip"
            aria-pressed={outcome === shown}
            onClick={() => setChosen(outcome)}
          >
            {t(`portable.outcome.${outcome}`)}{' '}
            <span className="chip-count">{format.count(report.counts[outcome])}</span>
          </button>
        ))}
      </fieldset>
      <OutcomePages key={`${shown} ${JSON.stringify(report.counts)}`} report={report} outcome={shown} />
    </>
  );
}

function OutcomePages({ report, outcome }: { readonly report: MergeReport; readonly outcome: Outcome }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [offset, setOffset] = useState(0);
  const counts = JSON.stringify(report.counts);
  const { data, failure } = useCall(askOutcomes, { review: report.review, outcome, offset, counts });
  if (failure !== null) return <ProblemNote failure={failure} />;
  if (data === null) return <LoadingState />;
  const last = Math.min(offset + PAGE, data.total);
  return (
    <>
      <OutcomeTable rows={data.rows} />
      {data.total <= PAGE ? null : (
        <div className="outcome-pages">
          <span>
            {t('portable.pages', {
              first: format.count(offset + 1),
              last: format.count(last),
              total: format.count(data.total),
            })}
          </span>
          <Button size="xs" variant="default" disabled={offset === 0} onClick={() => setOffset(offset - PAGE)}>
            {t('portable.before')}
          </Button>
          <Button size="xs" variant="default" disabled={last === data.total} onClick={() => setOffset(offset + PAGE)}>
            {t('portable.next')}
          </Button>
        </div>
      )}
    </>
  );
}

function OutcomeTable({ rows }: { readonly rows: readonly BroughtBackRow[] }) {
  const { t } = useTranslation();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
    <section className="outcome-rows" tabIndex={0} aria-label={t('portable.outcomes')}>
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">{t('column.record')}</th>
            <th scope="col">{t('portable.decision')}</th>
            <th scope="col">{t('portable.became')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <FlowIcon flow={row.flow} size={14} /> {row.label}
              </th>
              <td>{t(`take.${row.take}`)}</td>
              <td>
                <StateBadge tone={TONES[row.outcome]}>{t(`portable.outcome.${row.outcome}`)}</StateBadge>
                {row.why === null ? null : <span className="outcome-why">{t(`portable.why.${row.why}`)}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
