import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/views.ts';
import { useFormat } from '../../ui/use-format.ts';

const SIZE = { width: 360, height: 84, gap: 3, bars: 20 };
const PARTS = ['written', 'proposed', 'mismatches'] as const;
const TONES = { written: 'inStep', proposed: 'waiting', mismatches: 'mismatches' } as const;

type RunFigures = Record<(typeof PARTS)[number], number>;

/** What a run came to, over all its flows. */
export function figuresOf(run: RunView): RunFigures {
  const flows = Object.values(run.flows);
  const sum = (of: (counts: (typeof flows)[number]) => number): number =>
    flows.reduce((n, counts) => n + of(counts), 0);
  return {
    written: sum((c) => c.created.customerp + c.created.tidsbanken + c.updated.customerp + c.updated.tidsbanken),
    proposed: sum((c) => c.proposed),
    mismatches: sum((c) => c.mismatches),
  };
}

/** The newest runs as bars, oldest first. The same figures stand in History as text. */
export function RecentRuns({ runs }: { readonly runs: readonly RunView[] }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-label={t('recent.title')}>
      <h2>{t('recent.title')}</h2>
      {runs.length === 0 ? <p className="dim">{t('run.none')}</p> : <RunsChart runs={runs} />}
    </section>
  );
}

/** The newest runs as bars, oldest first, with what their colours mean. */
export function RunsChart({ runs }: { readonly runs: readonly RunView[] }) {
  const { t } = useTranslation();
  return (
    <>
      <Bars runs={runs.toSorted((a, b) => a.id - b.id).slice(-SIZE.bars)} />
      <p className="legend">
        {PARTS.map((part) => (
          <span key={part}>
            <span className="dot" data-tone={TONES[part]} aria-hidden /> {t(`recent.${part}`)}
          </span>
        ))}
      </p>
    </>
  );
}

function Bars({ runs }: { readonly runs: readonly RunView[] }) {
  const { t } = useTranslation();
  const all = runs.map((run) => ({ run, figures: figuresOf(run) }));
  const highest = Math.max(1, ...all.map(({ figures }) => PARTS.reduce((n, part) => n + figures[part], 0)));
  const width = SIZE.width / SIZE.bars;
  return (
    <svg
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      className="bars"
      preserveAspectRatio="xMinYMax meet"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a chart drawn here is no <img>
      role="img"
      aria-label={t('recent.chart', { count: runs.length })}
    >
      <line x1="0" x2={SIZE.width} y1={SIZE.height - 0.5} y2={SIZE.height - 0.5} className="bars-ground" />
      {all.map(({ run, figures }, index) => (
        <RunBar
          key={run.id}
          run={run}
          figures={figures}
          x={index * width}
          width={width - SIZE.gap}
          perUnit={(SIZE.height - 4) / highest}
        />
      ))}
    </svg>
  );
}

interface RunBarProps {
  readonly run: RunView;
  readonly figures: RunFigures;
  readonly x: number;
  readonly width: number;
  readonly perUnit: number;
}

function RunBar({ run, figures, x, width, perUnit }: RunBarProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = [
    format.moment(run.startedAt),
    ...PARTS.map((part) => `${t(`recent.${part}`)} ${format.count(figures[part])}`),
  ].join(' · ');
  return (
    <g>
      <title>{title}</title>
      <rect x={x} y={0} width={width} height={SIZE.height} fill="transparent" />
      {PARTS.map((part, index) => {
        const height = figures[part] * perUnit;
        const below = PARTS.slice(0, index).reduce((n, lower) => n + figures[lower], 0) * perUnit;
        const y = SIZE.height - 1 - below - height;
        return <rect key={part} x={x} y={y} width={width} height={height} data-tone={TONES[part]} rx={1.5} />;
      })}
    </g>
  );
}
