import { VisuallyHidden } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { markDifference } from './diff.ts';
import type { Piece } from './diff.ts';
import './value.css';

/** A value as read: `undefined` was not observed, `null` is empty. The two never look alike. */
export function ValueText({ value }: { readonly value: string | null | undefined }) {
  const { t } = useTranslation();
  if (value === undefined) return <span className="value-none">{t('value.notRead')}</span>;
  if (value === null) return <span className="value-none">{t('value.empty')}</span>;
  return (
    <span className="value">
      <Breakable text={value} />
    </span>
  );
}

/** An e-mail address that is too long breaks before its @, where a person would break it. */
const Breakable = ({ text }: { readonly text: string }) =>
  text.split(/(?=@)/).map((part, index) => (
    <Fragment key={index}>
      {index === 0 ? null : <wbr />}
      {part}
    </Fragment>
  ));

const Pieces = ({ pieces }: { readonly pieces: readonly Piece[] }) =>
  pieces.map((piece, index) =>
    piece.same ? (
      <span key={index}>
        <Breakable text={piece.text} />
      </span>
    ) : (
      <mark key={index} className="value-mark">
        {piece.text}
      </mark>
    ),
  );

/** A value beside the one it is compared with, its differing characters marked. */
export function ComparedValue(props: {
  readonly value: string | null | undefined;
  readonly against: string | null | undefined;
}) {
  const { value, against } = props;
  if (typeof value !== 'string' || typeof against !== 'string' || value === against) return <ValueText value={value} />;
  return (
    <span className="value">
      <Pieces pieces={markDifference(against, value).after} />
    </span>
  );
}

/** What stands there now, struck out, and below it what will be written. */
export function ValueDiff(props: { readonly now: string | null | undefined; readonly desired: string | null }) {
  const { t } = useTranslation();
  const { now, desired } = props;
  const marked = typeof now === 'string' && typeof desired === 'string' ? markDifference(now, desired) : null;
  return (
    <span className="value-diff">
      <del className="value-before">
        <VisuallyHidden>{t('value.now')} </VisuallyHidden>
        {marked === null ? <ValueText value={now} /> : <Pieces pieces={marked.before} />}
      </del>
      <ins className="value-after">
        <VisuallyHidden>{t('value.willBe')} </VisuallyHidden>
        {marked === null ? <ValueText value={desired} /> : <Pieces pieces={marked.after} />}
      </ins>
    </span>
  );
}
