import { useRef } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface MasterDetailProps {
  /** Gets a function that moves the focus to the details, for Enter on a row. */
  readonly master: (openDetail: () => void) => ReactNode;
  readonly detail: ReactNode;
}

/** A list and what is known of its active row. Enter leads to the details, Escape back to the list. */
export function MasterDetail({ master, detail }: MasterDetailProps) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLElement>(null);
  return (
    <div className="split" ref={frame}>
      <div className="split-master">{master(() => panel.current?.focus())}</div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <section
        ref={panel}
        className="split-detail"
        aria-label={t('detail.label')}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.defaultPrevented) return;
          frame.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
        }}
      >
        {detail}
      </section>
    </div>
  );
}
