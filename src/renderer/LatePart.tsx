import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Late } from './late.ts';
import { WarningIcon } from './ui/icons.ts';
import { LoadingState } from './ui/parts.tsx';

interface LatePartProps<Props> {
  readonly part: Late<ComponentType<Props>>;
  readonly props: Props;
  /** What stands above while there is no more to be seen, such as the head of the screen. */
  readonly head?: ReactNode;
}

/**
 * Shows a part of the window that may have to be loaded first, and says so when it cannot be. Give it a key: another part
 * is another one.
 */
export function LatePart<Props extends object>({ part, props, head }: LatePartProps<Props>) {
  const [Part, setPart] = useState(() => part.now());
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (failed) return;
    let isOver = false;
    part.load().then(
      (loaded) => isOver || setPart(() => loaded),
      () => isOver || setFailed(true),
    );
    return () => {
      isOver = true;
    };
  }, [part, failed]);
  if (Part !== null) return <Part {...props} />;
  return (
    <>
      {head}
      {failed ? <NotLoaded onRetry={() => setFailed(false)} /> : <LoadingState />}
    </>
  );
}

function NotLoaded({ onRetry }: { readonly onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="problem" role="alert">
      <WarningIcon size={18} aria-hidden />
      <div className="problem-text">
        <p className="problem-title">{t('late.title')}</p>
        <p className="problem-what">{t('late.what')}</p>
        <p>{t('late.todo')}</p>
        <Button size="xs" variant="default" mt="xs" mr="xs" onClick={onRetry}>
          {t('action.retry')}
        </Button>
        <Button size="xs" variant="default" mt="xs" onClick={() => location.reload()}>
          {t('late.reload')}
        </Button>
      </div>
    </div>
  );
}
