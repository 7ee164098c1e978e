import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../store.ts';
import { deskState, noticeOf } from './desk-state.ts';
import type { DeskState } from './desk-state.ts';

const TAG = 'tidsbro';

/** Only where a person has allowed it, and is not looking anyway. Nobody is asked for leave. */
const mayNotify = (): boolean =>
  document.visibilityState === 'hidden' && 'Notification' in globalThis && Notification.permission === 'granted';

/** Tells a person who looks elsewhere that something needs them: once for each change, not once for each run. */
export function useNotices(): void {
  const { t } = useTranslation();
  const overview = useApp((s) => s.overview);
  const running = useApp((s) => s.running);
  const before = useRef<DeskState | null>(null);
  useEffect(() => {
    if (overview === null) return;
    const { state, notice } = noticeOf(
      before.current,
      deskState({ ...overview, running: running ?? overview.running }),
    );
    before.current = state;
    if (notice === null || !mayNotify()) return;
    // The same tag: a new one takes the place of the former.
    const shown = new Notification(t(`notify.${notice}.title`), { body: t(`notify.${notice}.text`), tag: TAG });
    shown.addEventListener('click', () => globalThis.focus());
  }, [overview, running, t]);
}

/** The title tells how far a run is, or how much waits: a taskbar or a row of tabs shows nothing else. */
export function useTitle(): void {
  const { t } = useTranslation();
  const name = useApp((s) => s.overview?.workspace.name);
  const waiting = useApp((s) => (s.overview?.flows ?? []).reduce((n, flow) => n + flow.waiting + flow.mismatches, 0));
  const stage = useApp((s) => s.running?.stage);
  const percent = useApp((s) => percentOf(s.running));
  useEffect(() => {
    const what =
      stage === undefined
        ? waiting === 0
          ? ''
          : `(${String(waiting)}) `
        : `${t(`stage.${stage}`)}${percent === null ? '' : ` ${String(percent)} %`} · `;
    document.title = `${what}${name === undefined ? '' : `${name} · `}Tidsbro`;
  }, [name, waiting, stage, percent, t]);
}

const percentOf = (running: { readonly done: number; readonly total: number | null } | null): number | null =>
  running === null || running.total === null || running.total === 0
    ? null
    : Math.min(100, Math.floor((running.done / running.total) * 100));
