import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface MasterDetailProps {
  readonly master: ReactNode;
  readonly detail: ReactNode;
}

const DETAIL_ID = 'detail';

/** Moves the focus from a list to its details: what Enter on a row does. */
export const openDetail = (): void => document.querySelector<HTMLElement>(`#${DETAIL_ID}`)?.focus();

const backToList = (): void => document.querySelector<HTMLElement>('.split-master [role="grid"]')?.focus();

/** A list and what is known of its active row. Enter leads to the details, Escape back to the list. */
export function MasterDetail({ master, detail }: MasterDetailProps) {
  const { t } = useTranslation();
  return (
    <div className="split">
      <div className="split-master">{master}</div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leads back from anywhere inside */}
      <section
        id={DETAIL_ID}
        className="split-detail"
        aria-label={t('detail.label')}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
        tabIndex={0}
        onKeyDown={(event) => {
          // What is pressed in a dialog comes by here too, though the dialog stands elsewhere in the page.
          const isInside = event.target instanceof Node && event.currentTarget.contains(event.target);
          if (event.key === 'Escape' && isInside && !event.defaultPrevented) backToList();
        }}
      >
        {detail}
      </section>
    </div>
  );
}
