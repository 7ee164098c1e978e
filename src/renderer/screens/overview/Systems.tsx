import { useTranslation } from 'react-i18next';
import type { RunView, SystemHealth } from '../../../shared/contract/views.ts';
import { OpenElsewhereIcon } from '../../ui/icons.ts';
import { SideName, StateBadge } from '../../ui/parts.tsx';
import type { Tone } from '../../ui/parts.tsx';
import { COARSE_MS, useNow } from '../../ui/use-now.ts';
import { useFormat } from '../../ui/use-format.ts';

type Health = SystemHealth['state'] | 'read';
const HEALTH_TONE: Readonly<Record<Health, Tone>> = {
  read: 'good',
  ok: 'good',
  unreachable: 'bad',
  signInNeeded: 'bad',
  unknown: 'calm',
};

/** A system that nobody has checked, but that the last run has read without trouble, has answered. */
export function healthOf({ state, side }: SystemHealth, lastRun: RunView | null): Health {
  if (state !== 'unknown' || lastRun === null || lastRun.requests[side] === 0) return state;
  const troubled = lastRun.problems.some((problem) => problem.side === side && problem.kind !== 'rail');
  return troubled ? state : 'read';
}

interface SystemsProps {
  readonly systems: readonly SystemHealth[];
  readonly lastRun: RunView | null;
}

/** How each system answered when last asked. */
export function Systems({ systems, lastRun }: SystemsProps) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-label={t('systems.title')}>
      <h2>{t('systems.title')}</h2>
      <ul className="systems">
        {systems.map((system) => (
          <System key={system.side} system={system} health={healthOf(system, lastRun)} />
        ))}
      </ul>
    </section>
  );
}

function System({ system, health }: { readonly system: SystemHealth; readonly health: Health }) {
  const now = useNow(COARSE_MS);
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li>
      <div className="system-line">
        <strong>
          <SideName side={system.side} />
        </strong>
        <StateBadge tone={HEALTH_TONE[health]}>{t(`health.${health}`)}</StateBadge>
        {system.url === '' ? null : (
          <a
            href={system.url}
            target="_blank"
            rel="noreferrer"
            title={t('systems.open', { system: t(`side.${system.side}`) })}
          >
            {system.url.replace(/^https?:\/\//, '').replace(/\/$/, '')} <OpenElsewhereIcon size={13} aria-hidden />
          </a>
        )}
      </div>
      <p className="dim">
        {[
          system.name,
          system.detail,
          system.checkedAt === null
            ? health === 'unknown'
              ? t('systems.unchecked')
              : ''
            : t('systems.checked', { when: format.ago(system.checkedAt, now) }),
        ]
          .filter((text) => text !== '')
          .join(' · ')}
      </p>
    </li>
  );
}
