import { useTranslation } from 'react-i18next';
import type { SystemHealth } from '../../../shared/contract/views.ts';
import { OpenElsewhereIcon } from '../../ui/icons.ts';
import { SideName, StateBadge } from '../../ui/parts.tsx';
import type { Tone } from '../../ui/parts.tsx';
import { COARSE_MS, useNow } from '../../ui/use-now.ts';
import { useFormat } from '../../ui/use-format.ts';

const HEALTH_TONE: Readonly<Record<SystemHealth['state'], Tone>> = {
  ok: 'good',
  unreachable: 'bad',
  signInNeeded: 'bad',
  unknown: 'calm',
};

/** How each system answered when last asked. */
export function Systems({ systems }: { readonly systems: readonly SystemHealth[] }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-label={t('systems.title')}>
      <h2>{t('systems.title')}</h2>
      <ul className="systems">
        {systems.map((system) => (
          <System key={system.side} system={system} />
        ))}
      </ul>
    </section>
  );
}

function System({ system }: { readonly system: SystemHealth }) {
  const now = useNow(COARSE_MS);
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li>
      <div className="system-line">
        <strong>
          <SideName side={system.side} />
        </strong>
        <StateBadge tone={HEALTH_TONE[system.state]}>{t(`health.${system.state}`)}</StateBadge>
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
            ? t('systems.unchecked')
            : t('systems.checked', { when: format.ago(system.checkedAt, now) }),
        ]
          .filter((text) => text !== '')
          .join(' · ')}
      </p>
    </li>
  );
}
