import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { context, exportAs } from './dataflow.fixture.ts';
import { importDataflow, type ImportReport } from './import.ts';
import { writePage } from './write-page.ts';
import { writeRst } from './write-rst.ts';

const FOLDER = join(import.meta.dirname, 'samples');
const sample = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.rst'));

/** What a person would read of it, one line for each part of the document, and what came of it. */
function shown({ outcome, title, partner, findings, counts, flows }: ImportReport): string {
  const lines = findings.map(
    ({ line, part, status, subject, why }) =>
      `${String(line)} ${part} ${status}: ${subject}${why === '' ? '' : ` -- ${why}`}`,
  );
  const made = flows.flatMap((mapping) => [
    `flow ${mapping.kind}: ${JSON.stringify({ create: mapping.create })}`,
    ...mapping.keys.map((key) => `  key ${key.name}: ${key.properties.join(', ')} (${key.strength})`),
    ...mapping.properties.map(
      (one) =>
        `  ${one.name}: ${one.customerp} | ${one.tidsbanken} | ${one.type} ${one.direction}${one.negated ? ' negated' : ''}${one.when === undefined ? '' : ` when ${JSON.stringify(one.when)}`}`,
    ),
  ]);
  return `${[`${outcome}: ${title} (${partner})`, JSON.stringify(counts), '', ...lines, '', ...made].join('\n').trimEnd()}\n`;
}

describe.each(names)('%s', (name) => {
  it('gives the report beside it', async () => {
    await expect(shown(importDataflow(sample(name), context))).toMatchFileSnapshot(join(FOLDER, `${name}.report.txt`));
  });

  it('once read, comes back from its own export, and exports the same again', () => {
    const { flows } = importDataflow(sample(name), context);
    const text = writeRst(writePage(flows, exportAs('en')));
    if (flows.length === 0) return;
    const again = importDataflow(text, context);
    expect(again.flows).toEqual(flows);
    expect(again.counts).toMatchObject({ adapted: 0, refused: 0 });
    expect(writeRst(writePage(again.flows, exportAs('en')))).toBe(text);
  });
});

describe('a large document of another ERP', () => {
  const text = sample('large.rst');
  const { findings } = importDataflow(text, context);
  // Counted apart from the parser: rows of its tables are written so, and a header has a property in its first cell.
  const rows = text
    .split('\n')
    .flatMap((line, i) => (/^ {3}\* -/.test(line) && !line.endsWith(' Property') ? [i + 1] : []));

  it('has 10 pairs and 150 rows at least', () => {
    expect(text.match(/ to Tidsbanken .*\n-/g)?.length).toBeGreaterThanOrEqual(10);
    expect(rows.length).toBeGreaterThanOrEqual(150);
  });

  it('has every row accounted for once, by its line', () => {
    const at = (line: number) =>
      findings.filter(({ line: own, part }) => own === line && (part === 'row' || part === 'merge'));
    expect(rows.filter((line) => at(line).length !== 1)).toEqual([]);
    expect(findings.filter(({ part, line }) => part === 'row' && !rows.includes(line))).toEqual([]);
    expect(findings.filter(({ status, why }) => (status === 'taken') !== (why === ''))).toEqual([]);
  });
});

it('a document with empty tables has a successor in which every table is filled with types', () => {
  const { flows } = importDataflow(sample('empty-tables.rst'), context);
  expect(flows.map(({ kind, properties }) => [kind, properties.length])).toEqual([
    ['customer', 15],
    ['employee', 20],
    ['project', 12],
  ]);
  const { sections } = writePage(flows, exportAs('en'));
  const parts = sections.flatMap((section) => section.parts);
  const tables = parts.flatMap((part) =>
    part.kind === 'table' && part.head[2] === 'Tidsbanken Data Type' ? [part] : [],
  );
  expect(tables.map(({ rows }) => rows.length)).toEqual([15, 20, 12]);
  const types = new Set(tables.flatMap(({ rows }) => rows.map((row) => row[2])));
  expect(types).toEqual(new Set(['"boolean"', '"integer"', '"string"']));
});
