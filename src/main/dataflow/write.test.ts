import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { context, exportAs } from './dataflow.fixture.ts';
import { LANGUAGES } from './language.ts';
import { writeHtml } from './write-html.ts';
import { writePage } from './write-page.ts';
import { writeRst } from './write-rst.ts';

const defaults = context.defaults;

describe('what a document says', () => {
  const text = writeRst(writePage(defaults, exportAs('en')));
  const row = (field: string): string =>
    new RegExp(`   \\* - ${field}\\n(?:     -.*\\n)+`)
      .exec(text)?.[0]
      .replaceAll(/\s+[*-] /g, ' | ')
      .trim() ?? '';

  it('each row with data type, direction, master, group and rules', () => {
    expect(row('nationalId')).toContain('Personnummer | "string" | nationalId | nationalId | off | Customerp');
    expect(row('nationalId')).toContain('| sensitive');
    expect(row('address\\.line1')).toContain('| address');
    expect(row('customerId')).toContain('required, refers to customer');
    expect(row('defaultProjectId')).toContain('deferred, refers to project');
  });
  it('limits, value maps and what must not be emptied', () => {
    const flow = context.defaults.find(({ kind }) => kind === 'project');
    const [, name] = flow?.properties ?? [];
    if (flow === undefined || name === undefined) throw new Error('The default mapping has projects with names');
    const changed = {
      ...name,
      type: 'enum' as const,
      clearable: false,
      maxLength: { tidsbanken: 50 },
      values: { open: { customerp: 'Open', tidsbanken: 'Åpen, ny' } },
    };
    const written = writeRst(writePage([{ ...flow, properties: [changed] }], exportAs('en')));
    for (const part of ['- required, not clearable', '- Tidsbanken 50', '- open = Open / "Åpen, ny"'])
      expect(written).toContain(part);
  });
  it('the rails with their numbers', () => expect(text).toContain('creations 10, 10 %'));
  it('rows are written as the industry writes them', () =>
    expect(text).toMatch(/^ {3}\* - name\n {5}- Navn\n {5}- "string"\n/m));
});

const MEANT: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const meant = (html: string): string =>
  html.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_all, name: string) => MEANT[name] ?? '');
/** The texts of all elements of a name, as a browser would show them. */
const texts = (html: string, tag: string): string[] =>
  [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>([^<]*)</${tag}>`, 'g'))].map(([, text = '']) => meant(text));

describe('HTML', () => {
  it.each(LANGUAGES)('has every cell of every table, and its language (%s)', (language) => {
    const page = writePage(defaults, exportAs(language));
    const html = writeHtml(page);
    const tables = page.sections.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'table' ? [part] : [])));
    expect(texts(html, 'td')).toEqual(tables.flatMap(({ rows }) => rows.flat()));
    expect(texts(html, 'th')).toEqual(tables.flatMap(({ head }) => head));
    expect(html).toContain(`<html lang="${language}">`);
  });

  it('shows any text as text and loads nothing from outside', () => {
    const wild = fc.oneof(
      fc.string(),
      fc.constantFrom('<script>x</script>', '"><img src=x>', '&amp;', "'", '</title>'),
    );
    fc.assert(
      fc.property(wild, (text) => {
        const table = { kind: 'table', head: [text], rows: [[text]] } as const;
        const html = writeHtml({ language: 'en', title: text, sections: [{ title: text, parts: [table] }] });
        for (const tag of ['title', 'h1', 'h2', 'th', 'td']) expect(texts(html, tag)).toEqual([text]);
        expect(html.match(/<(script|img|link|iframe)/g)).toBeNull();
        expect(meant(/aria-label="([^"]*)"/.exec(html)?.[1] ?? '')).toBe(text);
      }),
    );
  });
});
