/** A document before it has a format: titles, paragraphs of whole lines, and tables of plain texts. */
export interface Page {
  readonly language: string;
  readonly title: string;
  readonly sections: readonly PageSection[];
}
export interface PageSection {
  readonly title: string;
  readonly parts: readonly PagePart[];
}
export type PagePart =
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
