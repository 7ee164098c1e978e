/* oxlint-disable jsx-a11y/prefer-tag-over-role -- rows placed by transform cannot be a <table>; the roles say what they are */
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useId, useRef } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import type { PagedRows } from './paged-rows.ts';
import './grid.css';

export interface Column<Row> {
  readonly id: string;
  readonly header: ReactNode;
  /** A CSS grid track, such as `minmax(0, 1fr)` or `9rem`. */
  readonly width: string;
  readonly renderCell: (row: Row) => ReactNode;
}

export interface VirtualGridProps<Row> {
  readonly label: string;
  readonly rows: PagedRows<Row>;
  readonly columns: readonly Column<Row>[];
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly rowHeight?: number;
  /** Enter or a double click. */
  readonly onOpen?: () => void;
  /** Space on a row, and Shift with the arrows. */
  readonly onToggle?: (row: Row) => void;
  readonly isSelected?: (row: Row) => boolean;
  /** Keys of the screen, such as `a` for approve. */
  readonly onKey?: (key: string, row: Row) => void;
}

const PAGE_KEYS = 10;

/** Where a key leads from an index, or `null` if it is not one that moves. */
export function nextIndex(key: string, at: number, total: number): number | null {
  const last = total - 1;
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return Math.min(at + 1, last);
    case 'ArrowUp':
    case 'k':
      return Math.max(at - 1, 0);
    case 'PageDown':
      return Math.min(at + PAGE_KEYS, last);
    case 'PageUp':
      return Math.max(at - PAGE_KEYS, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

const hasModifier = (event: KeyboardEvent): boolean => event.ctrlKey || event.metaKey || event.altKey;

/**
 * A grid of any length with one tab stop. Rows are fetched as they come into view, so the number of rows in
 * the document stays small; `aria-rowindex` tells the place of each in the whole.
 */
export function VirtualGrid<Row>(props: VirtualGridProps<Row>) {
  const { label, rows, columns, onActive, rowHeight = 52 } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const total = rows.total ?? 0;
  const active = Math.max(0, Math.min(props.active, total - 1));
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is not used
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: 36,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => rows.look(first, last, active), [rows, first, last, active]);

  const goTo = (index: number): void => {
    onActive(index);
    virtual.scrollToIndex(index);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (hasModifier(event) || total === 0) return;
    const to = nextIndex(event.key, active, total);
    const row = rows.rowAt(active);
    if (to !== null) {
      const landed = rows.rowAt(to);
      if (event.shiftKey && landed !== undefined) props.onToggle?.(landed);
      goTo(to);
    } else if (row === undefined) return;
    else if (event.key === 'Enter') props.onOpen?.();
    else if (event.key === ' ') props.onToggle?.(row);
    else return props.onKey?.(event.key, row);
    event.preventDefault();
  };
  const template = columns.map((column) => column.width).join(' ');
  const inView = items.some((item) => item.index === active);
  const { onToggle, isSelected } = props;
  const onClick = useCallback(
    (event: MouseEvent, index: number): void => {
      const row = rows.rowAt(index);
      if (event.shiftKey && row !== undefined) onToggle?.(row);
      onActive(index);
    },
    [rows, onToggle, onActive],
  );

  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-multiselectable={props.isSelected !== undefined}
      aria-activedescendant={inView ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="grid-head">
        <div role="row" aria-rowindex={1} className="grid-row grid-headrow" style={{ gridTemplateColumns: template }}>
          {columns.map((column) => (
            <div role="columnheader" key={column.id}>
              {column.header}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => (
          <GridRow
            key={item.key}
            id={`${id}-${item.index}`}
            index={item.index}
            row={rows.rowAt(item.index)}
            columns={columns}
            template={template}
            height={rowHeight}
            top={item.start}
            isActive={item.index === active}
            isSelected={isSelected}
            onClick={onClick}
            onOpen={props.onOpen}
          />
        ))}
      </div>
    </div>
  );
}

interface GridRowProps<Row> {
  readonly id: string;
  readonly index: number;
  readonly row: Row | undefined;
  readonly columns: readonly Column<Row>[];
  readonly template: string;
  /** In pixels, as is `top`. */
  readonly height: number;
  readonly top: number;
  readonly isActive: boolean;
  readonly isSelected: ((row: Row) => boolean) | undefined;
  readonly onClick: (event: MouseEvent, index: number) => void;
  readonly onOpen: (() => void) | undefined;
}

/** The keyboard of a row is its grid's: focus never leaves the grid. */
// oxlint-disable jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
function DrawnRow<Row>({ row, columns, isActive, isSelected, ...rest }: GridRowProps<Row>) {
  const selected = row !== undefined && isSelected !== undefined ? isSelected(row) : undefined;
  return (
    <div
      role="row"
      id={rest.id}
      aria-rowindex={rest.index + 2}
      aria-selected={selected ?? isActive}
      aria-busy={row === undefined}
      data-active={isActive}
      data-selected={selected}
      className="grid-row"
      style={{ gridTemplateColumns: rest.template, height: rest.height, transform: `translateY(${rest.top}px)` }}
      onClick={(event) => rest.onClick(event, rest.index)}
      onDoubleClick={rest.onOpen}
    >
      {columns.map((column) => (
        <div role="gridcell" className="grid-cell" key={column.id}>
          {row === undefined ? <span className="grid-waiting" /> : column.renderCell(row)}
        </div>
      ))}
    </div>
  );
}

/** While a list goes by, only the rows that come into view are drawn: the others are as they were. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- memo keeps the component, but not its type parameter
const GridRow = memo(DrawnRow) as typeof DrawnRow;
