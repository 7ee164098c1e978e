import type { MappingRow, RowEdit, RowEdits } from '../../../shared/contract/mapping-views.ts';

/** A row as it would be once saved, and whether anything of it is edited. */
export interface DraftRow extends MappingRow {
  readonly edited: boolean;
  /** It is not in workspace.yaml yet. */
  readonly isNew: boolean;
}

const untouched = new WeakMap<MappingRow, DraftRow>();

/** The same object each time, so that a key in one row draws no other row anew. */
function untouchedRow(row: MappingRow): DraftRow {
  const known = untouched.get(row) ?? { ...row, edited: false, isNew: false };
  untouched.set(row, known);
  return known;
}

/** The rows with their edits, new rows last. A word that goes back to its default shows what it has now. */
export function draftRows(rows: readonly MappingRow[], edits: RowEdits): DraftRow[] {
  const known = new Set(rows.map(({ name }) => name));
  const added = Object.entries(edits).filter(([name]) => !known.has(name));
  return [
    ...rows.map((row) => {
      const edit = edits[row.name];
      return edit === undefined ? untouchedRow(row) : { ...edited(row, edit), edited: true, isNew: false };
    }),
    ...added.map(([name, edit]) => ({ ...edited(newRow(name), edit), edited: true, isNew: true })),
  ];
}

function edited(row: MappingRow, edit: RowEdit): MappingRow {
  const given = Object.entries(edit).filter(([, value]) => value !== undefined && value !== null);
  return { ...row, ...Object.fromEntries(given) };
}

const newRow = (name: string): MappingRow => ({
  name,
  customerp: '',
  tidsbanken: '',
  type: 'string',
  direction: 'both',
  group: null,
  master: 'customerp',
  reference: null,
  required: false,
  clearable: true,
  sensitive: false,
  key: false,
  negated: false,
  maxLength: {},
  values: null,
  onCreate: {},
  convert: {},
  when: {},
  set: [],
});

const NAME = /^[a-z][A-Za-z0-9]*$/;

/** Whether a new row may be called so. */
export const isFreeName = (name: string, rows: readonly MappingRow[]): boolean =>
  NAME.test(name) && rows.every((row) => row.name !== name);
