import { useTranslation } from 'react-i18next';
import type { Overview } from '../../shared/contract/views.ts';
import { SIDES } from '../../shared/domain.ts';
import type { Side } from '../../shared/domain.ts';
import { useApp } from '../store.ts';
import { OfflineIcon, WarningIcon } from '../ui/icons.ts';
import { useFormat } from '../ui/use-format.ts';

/** What keeps a run from being started, while everything else goes on: another program's run, or a system that is away. */
export function StateBanners() {
  const overview = useApp((s) => s.overview);
  if (overview === null) return null;
  const down = downSides(overview);
  return (
    <>
      {overview.elsewhere === undefined ? null : <ElsewhereBanner elsewhere={overview.elsewhere} />}
      {down.length === 0 ? null : <DownBanner sides={down} />}
    </>
  );
}

function ElsewhereBanner({ elsewhere }: { readonly elsewhere: NonNullable<Overview['elsewhere']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { computer, process, since } = elsewhere;
  return (
    <output className="banner banner-elsewhere">
      <WarningIcon size={18} aria-hidden />
      <span>{t('shell.elsewhere', { computer, process, since: format.moment(since) })}</span>
    </output>
  );
}

function DownBanner({ sides }: { readonly sides: readonly Side[] }) {
  const { t } = useTranslation();
  return (
    <output className="banner banner-offline">
      <OfflineIcon size={18} aria-hidden />
      <span>{t('shell.down', { systems: sides.map((side) => t(`side.${side}`)).join(', ') })}</span>
    </output>
  );
}

const AWAY: ReadonlySet<string> = new Set(['unreachable', 'signInNeeded']);

/** What was last heard of a system counts: a check after the last run, else the run itself. */
export function downSides({ systems, lastRun }: Pick<Overview, 'systems' | 'lastRun'>): Side[] {
  return SIDES.filter((side) => {
    const checked = systems.find((system) => system.side === side);
    const isNewer = checked?.checkedAt != null && checked.checkedAt >= (lastRun?.endedAt ?? 0);
    if (checked !== undefined && isNewer) return AWAY.has(checked.state);
    return lastRun?.problems.some((problem) => problem.side === side && AWAY.has(problem.kind)) === true;
  });
}
