import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/views.ts';
import { FLOWS } from '../../../shared/domain.ts';
import type { RunState as State } from '../../../shared/domain.ts';
import { StateBadge } from '../../ui/parts.tsx';
import type { Tone } from '../../ui/parts.tsx';
import { RunProblems } from '../../ui/RunProblems.tsx';
import { useFormat } from '../../ui/use-format.ts';

const STATE_TONE: Readonly<Record<State, Tone>> = {
  running: 'busy',
  done: 'good',
  stopped: 'calm',
  failed: 'bad',
  interrupted: 'waiting',
  aborted: 'bad',
};

export function RunState({ state }: { readonly state: State }) {
  const { t } = useTranslation();
  return <StateBadge tone={STATE_TONE[state]}>{t(`runState.${state}`)}</StateBadge>;
}

/** How the last run ended and what it did. */
export function LastRun({ run }: { readonly run: RunView | null }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-label={t('run.last')}>
      <h2>{t('run.last')}</h2>
      {run === null ? <p className="dim">{t('run.none')}</p> : <RunResult run={run} />}
    </section>
  );
}

export function RunResult({ run }: { readonly run: RunView }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="run-result">
      <output className="run-summary">
        <RunState state={run.state} />
        <span>
          {t(`runMode.${run.mode}`)}
          {run.record === undefined ? '' : ` · ${t('run.onlyOne', { id: run.record.nativeId })}`} ·{' '}
          {format.moment(run.startedAt)} · {format.seconds(run.seconds)}
        </span>
      </output>
      <FlowTable run={run} />
      <p className="dim">
        {t('run.requests', {
          customerp: format.count(run.requests.customerp),
          tidsbanken: format.count(run.requests.tidsbanken),
        })}
      </p>
      <RunProblems problems={run.problems} />
    </div>
  );
}

type Counts = NonNullable<RunView['flows'][(typeof FLOWS)[number]]>;
const FIGURES: readonly { readonly key: string; readonly of: (counts: Counts) => number }[] = [
  { key: 'read', of: (c) => c.read.customerp + c.read.tidsbanken },
  { key: 'created', of: (c) => c.created.customerp + c.created.tidsbanken },
  { key: 'updated', of: (c) => c.updated.customerp + c.updated.tidsbanken },
  { key: 'inStep', of: (c) => c.inStep },
  { key: 'proposed', of: (c) => c.proposed },
  { key: 'mismatches', of: (c) => c.mismatches },
  { key: 'skipped', of: (c) => c.skipped },
  { key: 'failed', of: (c) => c.failed },
];

/** A run that only applies reads no collection, and so has nothing to say of what is in step. */
const figuresOf = (flows: readonly { readonly counts: Counts }[]): typeof FIGURES => {
  const hasRead = flows.some(({ counts }) => counts.read.customerp + counts.read.tidsbanken > 0);
  return hasRead ? FIGURES : FIGURES.filter(({ key }) => WRITING.includes(key));
};
const WRITING: readonly string[] = ['created', 'updated', 'failed'];

function FlowTable({ run }: { readonly run: RunView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const flows = FLOWS.flatMap((flow) => {
    const counts = run.flows[flow];
    return counts === undefined ? [] : [{ flow, counts }];
  });
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{t('figure.records')}</th>
          {flows.map(({ flow }) => (
            <th scope="col" key={flow}>
              {t(`flow.${flow}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {figuresOf(flows).map(({ key, of }) => (
          <tr key={key}>
            <th scope="row">{t(`figure.${key}`)}</th>
            {flows.map(({ flow, counts }) => (
              <td key={flow} data-zero={of(counts) === 0}>
                {format.count(of(counts))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
