// oxlint-disable no-restricted-imports, no-console -- a tool for developers: it writes the files that the tests read.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CorpusCase } from './case.ts';
import { SHAPE_TABLES } from './shape-tables.ts';
import { TEXT_TABLES } from './text-tables.ts';
import { VALUE_TABLES } from './value-tables.ts';

/** Writes the corpus anew from its tables: `npx node src/main/mapping/corpus/write-corpus.ts`, then `npx oxfmt`. */

const FOLDER = join(import.meta.dirname, 'files');

// Invisible and deceiving characters stand as escapes, so that a file shows what it holds.
const visible = (json: string): string =>
  json.replaceAll(/[^\n -~æøåÆØÅ]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);

const fileOf = (one: CorpusCase): string => `${visible(JSON.stringify(one, null, 2))}\n`;

let count = 0;
rmSync(FOLDER, { recursive: true, force: true });
for (const { name, cases } of [...TEXT_TABLES, ...VALUE_TABLES, ...SHAPE_TABLES]) {
  mkdirSync(join(FOLDER, name), { recursive: true });
  for (const [i, one] of cases.entries()) {
    const file = `${String(i + 1).padStart(2, '0')}-${slug(one.rule)}.json`;
    writeFileSync(join(FOLDER, name, file), fileOf(one));
    count += 1;
  }
}
console.log(`${String(count)} files`);
