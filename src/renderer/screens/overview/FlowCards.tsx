import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../shared/contract/views.ts';
import { kindOf, MAIN_KINDS } from '../../../shared/domain.ts';
import type { Flow, Kind } from '../../../shared/domain.ts';
import { app } from '../../store.ts';
import type { Screen } from '../../shell/slice.ts';
import { FlowIcon, StateBadge } from '../../ui/parts.tsx';
import { COARSE_MS, useNow } from '../../ui/use-now.ts';
import { useFormat } from '../../ui/use-format.ts';

type FlowCardView = Overview['flows'][number];
const isMain = (kind: Kind): boolean => MAIN_KINDS.some((main) => main === kind);

/** A card a flow; what only supports the others is one line below. */
export function FlowCards({ flows }: { readonly flows: readonly FlowCardView[] }) {
  return (
    <div>
      <div className="flow-cards">
        {flows
          .filter((flow) => isMain(kindOf(flow.flow)))
          .map((card) => (
            <Card key={card.flow} card={card} />
          ))}
      </div>
      {flows
        .filter((flow) => !isMain(kindOf(flow.flow)))
        .map((card) => (
          <SupportingLine key={card.flow} card={card} />
        ))}
    </div>
  );
}

function Card({ card }: { readonly card: FlowCardView }) {
  const now = useNow(COARSE_MS);
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel flow-card" aria-label={t(`flow.${card.flow}`)}>
      <header className="flow-head">
        <span className="flow-icon" aria-hidden>
          <FlowIcon flow={card.flow} size={20} />
        </span>
        <div>
          <h2>{t(`flow.${card.flow}`)}</h2>
          <p className="flow-pair">{t(`flowPair.${card.flow}`)}</p>
        </div>
        {card.firstReviewPending ? <StateBadge tone="waiting">{t('overview.firstReview')}</StateBadge> : null}
      </header>
      <p className="flow-main">
        <strong>{format.count(card.inStep)}</strong> {t('overview.inStep')}
      </p>
      <ShareBar card={card} />
      <dl className="flow-figures">
        <Figure label={t('overview.waiting')} value={card.waiting} tone="waiting" flow={card.flow} to="review" />
        <Figure
          label={t('overview.mismatches')}
          value={card.mismatches}
          tone="mismatches"
          flow={card.flow}
          to="mismatches"
        />
        <Figure label={t('overview.skipped')} value={card.skipped} tone="skipped" />
        <Figure label={t('overview.links')} value={card.links} />
      </dl>
      <p className="flow-foot">
        <span>
          {t('overview.records', {
            customerp: format.count(card.records.customerp),
            tidsbanken: format.count(card.records.tidsbanken),
          })}
        </span>
        <span>
          {card.lastRunAt === null
            ? t('overview.neverRun')
            : t('overview.lastRun', { when: format.ago(card.lastRunAt, now) })}
        </span>
        <span>{t('overview.nextRun')}</span>
      </p>
    </section>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: number;
  readonly tone?: string;
  readonly flow?: Flow;
  readonly to?: Screen;
}

function Figure({ label, value, tone, flow, to }: FigureProps) {
  const format = useFormat();
  const open = (): void => {
    const { filterReview, filterMismatches } = app();
    if (to === 'review') filterReview({ flow, show: 'waiting', target: undefined, op: undefined, find: undefined });
    if (to === 'mismatches') filterMismatches({ flow, kind: undefined, find: undefined });
  };
  return (
    <div>
      <dt>
        {tone === undefined ? null : <span className="dot" data-tone={tone} aria-hidden />}
        {label}
      </dt>
      <dd>
        {to === undefined || value === 0 ? (
          format.count(value)
        ) : (
          <a href={`#/${to}`} onClick={open}>
            {format.count(value)}
            <VisuallyHidden> {label}</VisuallyHidden>
          </a>
        )}
      </dd>
    </div>
  );
}

const SHARES = ['inStep', 'waiting', 'mismatches', 'skipped'] as const;

/** The same figures as lengths; they are said in words right below, so this is for the eye only. */
function ShareBar({ card }: { readonly card: FlowCardView }) {
  return (
    <div className="share" aria-hidden>
      {SHARES.map((share) =>
        card[share] === 0 ? null : <span key={share} data-tone={share} style={{ flexGrow: card[share] }} />,
      )}
    </div>
  );
}

function SupportingLine({ card }: { readonly card: FlowCardView }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <p className="flow-support">
      <FlowIcon flow={card.flow} size={16} />
      {t('overview.supporting', {
        name: t(`flow.${card.flow}`),
        links: format.count(card.links),
        waiting: format.count(card.waiting),
        count: card.mismatches,
        shown: format.count(card.mismatches),
      })}
    </p>
  );
}
