import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LintFindingView } from '../../../shared/contract/mapping-views.ts';
import { app, useApp } from '../../store.ts';
import { StateBadge } from '../../ui/parts.tsx';
import type { Tone } from '../../ui/parts.tsx';
import { useWords } from '../../ui/use-words.ts';
import type { DraftRow } from './draft.ts';
import { FieldPath } from './FieldPath.tsx';
import type { RowFacts } from './row-search.ts';
import { useRowRules } from './use-row-rules.ts';

interface TableProps {
  readonly rows: readonly DraftRow[];
  readonly findings: RowFacts['findings'];
  /** Rows that are switched on and wait for a person's yes. */
  readonly held: RowFacts['held'];
  readonly active: string | null;
}

const NO_FINDINGS: readonly LintFindingView[] = [];

export const EFFECT_TONE: Readonly<Record<LintFindingView['effect'], Tone>> = {
  stops: 'bad',
  swings: 'bad',
  waits: 'waiting',
  loses: 'waiting',
};

/** Moves the focus from a row to its details. */
const openRow = (): void => document.querySelector<HTMLElement>('#mapping-row input, #mapping-row select')?.focus();

/** Escape leads from the details back to their row, unless it closes a list of completions or a dialog. */
export function leaveByEscape(event: React.KeyboardEvent<HTMLElement>): void {
  const { target } = event;
  const isInside = target instanceof Element && event.currentTarget.contains(target);
  if (event.key !== 'Escape' || !isInside || target.getAttribute('aria-expanded') === 'true') return;
  document.querySelector<HTMLElement>('.mapping-table [aria-current] .mapping-name')?.focus();
}

/** Enter or a screen reader pressed it; a mouse counts its clicks. */
const isByKey = (event: React.MouseEvent): boolean => event.detail === 0;

/** Up and down walk from row to row; Home and End lead to the first and the last. */
function walk(event: React.KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('.mapping-name')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  const target = to === undefined || at === -1 ? undefined : buttons[Math.max(0, Math.min(to, buttons.length - 1))];
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
}

/** The table of the hand-over paper: one row a property, with the side's own names, and what the lint says beside it. */
export function MappingTable({ rows, findings, held, active }: TableProps) {
  const { t } = useTranslation();
  const flow = useApp((s) => s.mapping.flow);
  return (
    <table className="mapping-table">
      <caption className="visually-hidden">{t('mapping.caption', { flow: t(`flow.${flow}`) })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('mapping.customerp')}</th>
          <th scope="col">{t('mapping.tidsbanken')}</th>
          <th scope="col">{t('mapping.type')}</th>
          <th scope="col">{t('mapping.direction')}</th>
          <th scope="col">{t('mapping.master')}</th>
          <th scope="col">{t('mapping.group')}</th>
          <th scope="col">{t('mapping.rules')}</th>
        </tr>
      </thead>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the buttons inside have the focus */}
      <tbody onKeyDown={walk}>
        {rows.map((row) => (
          <Row
            key={row.name}
            row={row}
            findings={findings.get(row.name) ?? NO_FINDINGS}
            isHeld={held.has(row.name)}
            isActive={row.name === active}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly row: DraftRow;
  readonly findings: readonly LintFindingView[];
  readonly isHeld: boolean;
  readonly isActive: boolean;
}

const Row = memo(function Row({ row, findings, isHeld, isActive }: RowProps) {
  const { t } = useTranslation();
  const words = useWords();
  const rulesOf = useRowRules();
  const [worst] = findings;
  const about = [
    words.property(row.name),
    ...(row.edited ? [t(row.isNew ? 'mapping.isNew' : 'mapping.isEdited')] : []),
  ];
  return (
    <tr data-off={row.direction === 'off'} data-edited={row.edited} aria-current={isActive ? 'true' : undefined}>
      <th scope="row">
        <span className="mapping-field">
          <FieldPath path={row.customerp} />
        </span>
        <button
          type="button"
          className="mapping-name"
          // One stop of Tab for the whole table: the arrows walk within it.
          tabIndex={isActive ? 0 : -1}
          onClick={(event) => {
            app().activateRow(row.name);
            if (isByKey(event)) openRow();
          }}
          onFocus={() => app().activateRow(row.name)}
          onDoubleClick={openRow}
        >
          {about.join(' · ')}
        </button>
        {isHeld ? <StateBadge tone="waiting">{t('mapping.held')}</StateBadge> : null}
        {worst === undefined ? null : (
          <StateBadge tone={EFFECT_TONE[worst.effect]}>{t(`lintEffect.${worst.effect}`)}</StateBadge>
        )}
      </th>
      <td className="mapping-field">
        <FieldPath path={row.tidsbanken} />
      </td>
      <td>{t(`valueType.${row.type}`)}</td>
      <td>{row.key ? t('mapping.onCreate') : t(`mapping.way.${row.direction}`)}</td>
      <td>{t(`side.${row.master}`)}</td>
      <td>{row.group === null ? '' : words.group(row.group)}</td>
      <td>{rulesOf(row).join(', ')}</td>
    </tr>
  );
});
