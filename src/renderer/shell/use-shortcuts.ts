import { useEffect } from 'react';
import { app } from '../store.ts';
import type { Screen } from './slice.ts';

export const GO_KEYS: Readonly<Record<string, Screen>> = {
  o: 'overview',
  r: 'review',
  m: 'mismatches',
  e: 'records',
  p: 'mapping',
  c: 'checklist',
  h: 'history',
};
/** The second key of a pair must follow soon, or a stray `g` would change the meaning of a later key. */
const PAIR_MS = 1200;

/** Inputs that take no letters: a radio or a checkbox that was clicked keeps the focus, and must not end the shortcuts. */
const NOT_TEXT = ['radio', 'checkbox', 'button', 'submit', 'reset', 'range', 'color', 'file', 'image'];
const TAKES_LETTERS = [
  `input${NOT_TEXT.map((type) => `:not([type="${type}"])`).join('')}`,
  'select',
  'textarea',
  '[contenteditable]:not([contenteditable="false"])',
  '[role="dialog"]',
].join(', ');

/** A letter typed into a field is text, never a command; a dialog has its own keys. */
const isElsewhere = (event: KeyboardEvent): boolean => {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  return target instanceof HTMLElement && target.closest(TAKES_LETTERS) !== null;
};

/** `g` and a letter change the screen, `/` finds the search field, `?` shows the sheet. */
export function useShortcuts(): void {
  useEffect(() => {
    let pairUntil = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (isElsewhere(event)) return;
      const { goTo, setShortcutsOpen } = app();
      const screen = event.timeStamp < pairUntil ? GO_KEYS[event.key] : undefined;
      pairUntil = event.key === 'g' ? event.timeStamp + PAIR_MS : 0;
      if (screen !== undefined) {
        event.preventDefault();
        event.stopPropagation();
        goTo(screen);
      } else if (event.key === '?') setShortcutsOpen(true);
      else if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLElement>('[data-search]')?.focus();
      }
    };
    // Before the grids hear it: the `r` of `g r` must not reject the active row.
    globalThis.addEventListener('keydown', onKey, { capture: true });
    return () => globalThis.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
