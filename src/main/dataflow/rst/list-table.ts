import { headerRows, tableOf, type DirectiveSource } from './table.ts';
import type { Block, Cell, List, Row, Table } from './nodes.ts';
import type { Reading } from './reading.ts';

/** `.. list-table::`: a list of rows, each a list of cells. */
export function listTable(source: DirectiveSource, reading: Reading): Table | null {
  const { line, argument: title, content } = source;
  const head = headerRows(source, reading);
  const blocks = reading.inside(content);
  if (blocks.length === 0) {
    reading.error(line, 'The list-table is empty; not even its header is there.');
    return null;
  }
  const list = onlyList(blocks);
  if (list === null) {
    const stray = blocks.find((block) => block.kind !== 'list') ?? blocks[1] ?? blocks[0];
    const what =
      'A list-table holds one list of rows, written “* - cell”, and nothing else; this line is not part of it.';
    reading.error(stray?.line ?? line, what);
    return null;
  }
  const rows = list.items.map((item) => rowOf(item, reading));
  const read = tableOf(
    { line, title },
    rows.filter((row) => row !== null),
    head,
    reading,
  );
  return rows.includes(null) ? null : read;
}

const onlyList = (blocks: readonly Block[]): List | null =>
  blocks.length === 1 && blocks[0]?.kind === 'list' ? blocks[0] : null;

function rowOf(item: { line: number; blocks: readonly Block[] }, reading: Reading): Row | null {
  const cells = onlyList(item.blocks);
  if (cells !== null) return { line: item.line, cells: cells.items.map((cell): Cell => cell) };
  const what = 'A row of a list-table is a list of cells, “* - first”, then “  - second”; this row is not.';
  const stray = item.blocks.find((block) => block.kind !== 'list');
  reading.error(stray?.line ?? item.line, what);
  return null;
}
