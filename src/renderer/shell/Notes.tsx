import { CloseButton } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Note } from '../connection-slice.ts';
import { app, useApp } from '../store.ts';
import { DoneIcon, WarningIcon } from '../ui/icons.ts';
import { FailureText } from '../ui/parts.tsx';
import { useProblemText } from '../ui/use-problem-text.ts';
import type { TellProblem } from '../ui/use-problem-text.ts';

/** Good news may leave by itself; a problem stays until a person has put it away. */
const GOOD_NEWS_MS = 6000;
const REFUSED_SHOWN = 5;

/** What came of what a person did. */
export function Notes() {
  const notes = useApp((s) => s.notes);
  return (
    <div className="notes">
      {notes.map((note) => (
        <NoteCard key={note.id} note={note} />
      ))}
    </div>
  );
}

function NoteCard({ note }: { readonly note: Note }) {
  const { t } = useTranslation();
  const { dismiss } = app();
  const done = note.tone === 'done';
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => dismiss(note.id), GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [done, dismiss, note.id]);
  const Icon = done ? DoneIcon : WarningIcon;
  return (
    <div className="note" data-tone={note.tone} role={done ? 'status' : 'alert'}>
      <Icon size={18} aria-hidden />
      <div className="note-text">
        <NoteText note={note} />
      </div>
      <CloseButton size="sm" aria-label={t('action.dismiss')} onClick={() => dismiss(note.id)} />
    </div>
  );
}

function NoteText({ note }: { readonly note: Note }) {
  const { t } = useTranslation();
  if (note.tone === 'done') return <p>{t(note.text, { count: note.count })}</p>;
  if (note.tone === 'refused') return <RefusedText refused={note.refused} />;
  return (
    <>
      <p className="problem-title">{t(`failure.${note.failure.kind}.title`)}</p>
      <FailureText failure={note.failure} />
    </>
  );
}

type RefusedItem = Extract<Note, { tone: 'refused' }>['refused'][number];

function whyOf({ why, problem }: RefusedItem, tell: TellProblem): string {
  if (problem === undefined) return why;
  const { what, todo } = tell(problem);
  return `${what} ${todo}`;
}

function RefusedText({ refused }: { readonly refused: readonly RefusedItem[] }) {
  const { t } = useTranslation();
  const tell = useProblemText();
  const rest = refused.length - REFUSED_SHOWN;
  return (
    <>
      <p className="problem-title">{t('note.refused', { count: refused.length })}</p>
      <ul>
        {refused.slice(0, REFUSED_SHOWN).map((item) => (
          <li key={item.itemId}>{whyOf(item, tell)}</li>
        ))}
        {rest > 0 ? <li>{t('note.more', { count: rest })}</li> : null}
      </ul>
    </>
  );
}
