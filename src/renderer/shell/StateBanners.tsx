import { useTranslation } from 'react-i18next';
import type { Overview } from '../../shared/contract/views.ts';
import { SIDES } from '../../shared/domain.ts';
import type { Side } from '../../shared/domain.ts';
import { useApp } from '../store.ts';
import { OfflineIcon, WarningIcon } from '../ui/icons.ts';
import { useFormat } from '../ui/use-format.ts';

/**
 * What keeps a run from being started: a store that may only be looked at, another program's run, or a system that is
 * away. All but the first leave deciding as it is.
 */
export function StateBanners() {
  const overview = useApp((s) => s.overview);
  if (overview === null) return null;
  const down = downSides(overview);
  return (
    <>
      {overview.store === undefined ? null : <StoreBanner store={overview.store} />}
      {overview.elsewhere === undefined ? null : <ElsewhereBanner elsewhere={overview.elsewhere} />}
      {WHY_AWAY.map((why) => (
        <DownBanner key={why} why={why} sides={down.filter((one) => one.why === why).map(({ side }) => side)} />
      ))}
    </>
  );
}

function StoreBanner({ store }: { readonly store: NonNullable<Overview['store']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (store.state === 'damaged') {
    const { what, todo } = store.problem;
    return (
      <div className="banner banner-offline" role="alert">
        <WarningIcon size={18} aria-hidden />
        <span>
          {t('shell.storeDamaged')} {what} {todo}
        </span>
      </div>
    );
  }
  // How far it is changes twice a second, and is not read out each time.
  return (
    <div className="banner banner-elsewhere">
      <WarningIcon size={18} aria-hidden />
      <span>
        <output>{t('shell.storeChecking')}</output>{' '}
        {store.done < 1 ? t('shell.storeRead', { share: format.share(store.done) }) : t('shell.storeCompared')}
      </span>
    </div>
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

interface DownBannerProps {
  readonly why: WhyAway;
  readonly sides: readonly Side[];
}

function DownBanner({ why, sides }: DownBannerProps) {
  const { t } = useTranslation();
  if (sides.length === 0) return null;
  return (
    <output className="banner banner-offline">
      <OfflineIcon size={18} aria-hidden />
      <span>
        {t(why === 'unreachable' ? 'shell.down' : 'shell.refused', {
          systems: sides.map((side) => t(`side.${side}`)).join(', '),
        })}
      </span>
    </output>
  );
}

/** No answer at all, or one that refuses the keys: a person does something else about each. */
const WHY_AWAY = ['unreachable', 'signInNeeded'] as const;
type WhyAway = (typeof WHY_AWAY)[number];
const whyAway = (kind: string | undefined): WhyAway | undefined => WHY_AWAY.find((why) => why === kind);

/** What was last heard of a system counts: a check after the last run, else the run itself. */
export function downSides({
  systems,
  lastRun,
}: Pick<Overview, 'systems' | 'lastRun'>): { readonly side: Side; readonly why: WhyAway }[] {
  return SIDES.flatMap((side) => {
    const checked = systems.find((system) => system.side === side);
    const isNewer = checked?.checkedAt != null && checked.checkedAt >= (lastRun?.endedAt ?? 0);
    const found = lastRun?.problems.find((problem) => problem.side === side && whyAway(problem.kind) !== undefined);
    const why = whyAway(isNewer ? checked.state : found?.kind);
    return why === undefined ? [] : [{ side, why }];
  });
}
