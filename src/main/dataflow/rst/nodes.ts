/** What a reStructuredText document is made of here: only what dataflow documents use. Every part knows its line, from 1. */

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly line: number;
  /** Markup as written; `plainText` takes it off. Lines of one paragraph are joined by `\n`. */
  readonly text: string;
}
export interface ListItem {
  readonly line: number;
  readonly blocks: readonly Block[];
}
/** Bullets, or numbers: the difference says nothing in a dataflow document. */
export interface List {
  readonly kind: 'list';
  readonly line: number;
  readonly items: readonly ListItem[];
}
export interface FieldList {
  readonly kind: 'fields';
  readonly line: number;
  readonly fields: readonly { readonly name: string; readonly line: number; readonly text: string }[];
}
export interface Cell {
  readonly line: number;
  readonly blocks: readonly Block[];
}
export interface Row {
  readonly line: number;
  readonly cells: readonly Cell[];
}
export interface Table {
  readonly kind: 'table';
  readonly line: number;
  readonly title: string;
  /** Empty when no header was declared. */
  readonly head: readonly Row[];
  readonly rows: readonly Row[];
}
/** `.. name:: argument` that is no table. Its content is read as blocks. */
export interface Directive {
  readonly kind: 'directive';
  readonly line: number;
  readonly name: string;
  readonly argument: string;
  readonly blocks: readonly Block[];
}
export interface Quote {
  readonly kind: 'quote';
  readonly line: number;
  readonly blocks: readonly Block[];
}
/** A comment, or text after `::` that is not to be read as markup. */
export interface Verbatim {
  readonly kind: 'comment' | 'literal';
  readonly line: number;
  readonly text: string;
}
export interface Section {
  readonly kind: 'section';
  readonly line: number;
  readonly title: string;
  /** 1 is the document's own title. */
  readonly level: number;
  readonly blocks: readonly Block[];
}
export type Block = Paragraph | List | FieldList | Table | Directive | Quote | Verbatim | Section;

/** `error`: the text is broken there and cannot be trusted. `note`: it was read, in the way that is told. */
export interface RstProblem {
  readonly severity: 'error' | 'note';
  readonly line: number;
  readonly what: string;
}

export interface RstDocument {
  readonly blocks: readonly Block[];
  readonly problems: readonly RstProblem[];
}
