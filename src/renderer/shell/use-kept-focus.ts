import { useEffect } from 'react';

/** Where the work of a screen goes on: its list, what stands in the list's place, or the screen itself. */
const PLACES = ['main [role="grid"]', 'main .empty[tabindex]', '#main'] as const;

const isGone = (element: HTMLElement): boolean => !element.isConnected || element.matches(':disabled');

/**
 * A button that leaves or is disabled by what it did would take the focus with it to the top of the page. The focus
 * goes to the list instead, whose active row is by then the next one; a focus that a person moved is left alone.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    const remember = (event: FocusEvent): void => {
      if (event.target instanceof HTMLElement) last = event.target;
    };
    // The browser tells of no blur when a focused element is disabled, and not every one when it is removed.
    const observer = new MutationObserver(() => {
      const { activeElement } = document;
      const isLost = activeElement === document.body || activeElement === last;
      if (last === null || !isLost || !isGone(last)) return;
      const place = PLACES.map((selector) => document.querySelector<HTMLElement>(selector)).find((found) => found);
      last = null;
      place?.focus();
    });
    document.addEventListener('focusin', remember);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    return () => {
      document.removeEventListener('focusin', remember);
      observer.disconnect();
    };
  }, []);
}
