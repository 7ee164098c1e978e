import { Button } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { MismatchDetail } from '../../../shared/contract/views.ts';
import type { Take } from '../../../shared/domain.ts';
import { app } from '../../store.ts';

/** What can be done about one mismatch, each way with what it does. */
export function WaysOut({ mismatch }: { readonly mismatch: MismatchDetail }) {
  const { t } = useTranslation();
  if (mismatch.takes.length === 0) return <p className="dim">{t('mismatches.noWayOut')}</p>;
  return (
    <div>
      <h3>{t('mismatches.waysOut')}</h3>
      <ul className="ways" aria-label={t('mismatches.waysOut')}>
        {mismatch.takes.map((take) => (
          <WayOut key={take} mismatch={mismatch} take={take} />
        ))}
      </ul>
    </div>
  );
}

/** A rail holds no difference to accept: a person vouches for what it doubts. */
export const wordingOf = (kind: MismatchDetail['kind'], take: Take): Take | 'confirm' =>
  kind === 'rail' && take === 'accept' ? 'confirm' : take;

function WayOut({ mismatch, take }: { readonly mismatch: MismatchDetail; readonly take: Take }) {
  const { t } = useTranslation();
  const does = useId();
  const suggested = mismatch.suggests === take;
  const { decideMismatches, openLinking } = app();
  const wording = wordingOf(mismatch.kind, take);
  return (
    <li data-suggested={suggested}>
      <Button
        size="xs"
        variant={suggested ? 'filled' : 'default'}
        aria-describedby={does}
        onClick={() => (take === 'link' ? openLinking(mismatch.id) : void decideMismatches([mismatch.id], take))}
      >
        {t(`take.${wording}`)}
      </Button>
      <span id={does} className="way-does">
        {suggested ? <strong>{t('mismatches.suggested')} </strong> : null}
        {t(`takeDoes.${wording}`)}
      </span>
    </li>
  );
}
