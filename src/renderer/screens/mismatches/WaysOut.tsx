import { Button, Kbd } from '@mantine/core';
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
        {mismatch.takes.map((take, index) => (
          <WayOut key={take} mismatch={mismatch} take={take} number={index + 1} />
        ))}
      </ul>
    </div>
  );
}

/** Neither a rail nor a changed number holds a difference to accept: a person vouches for what is doubted. */
export function wordingOf(kind: MismatchDetail['kind'], take: Take): Take | 'confirm' | 'samePair' {
  if (take !== 'accept') return take;
  if (kind === 'identityChanged') return 'samePair';
  return kind === 'rail' ? 'confirm' : take;
}

/** The way out that a digit stands for in the list, in the order in which they are shown. */
export const takeOfKey = (key: string, takes: readonly Take[]): Take | undefined =>
  /^[1-9]$/.test(key) ? takes[Number(key) - 1] : undefined;

/** Decides, or, where a record must be chosen first, opens that choice. */
export function goOut(id: number, take: Take): void {
  const { decideMismatches, openLinking } = app();
  if (take === 'link') openLinking(id);
  else void decideMismatches([id], take);
}

interface WayOutProps {
  readonly mismatch: MismatchDetail;
  readonly take: Take;
  /** Its place, which is also its key in the list. */
  readonly number: number;
}

function WayOut({ mismatch, take, number }: WayOutProps) {
  const { t } = useTranslation();
  const does = useId();
  const suggested = mismatch.suggests === take;
  const wording = wordingOf(mismatch.kind, take);
  return (
    <li data-suggested={suggested}>
      <Button
        size="xs"
        variant={suggested ? 'filled' : 'default'}
        aria-describedby={does}
        aria-keyshortcuts={String(number)}
        rightSection={
          <Kbd size="xs" aria-hidden>
            {number}
          </Kbd>
        }
        onClick={() => goOut(mismatch.id, take)}
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
