import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { en } from '../src/renderer/i18n/en.ts';
import { nb } from '../src/renderer/i18n/nb.ts';
import { MISMATCH_KINDS, TAKES } from '../src/shared/domain.ts';

/** The guide: both languages say the same, name what the window shows, and lead nowhere that is not there. */

const root = resolve(import.meta.dirname, '..');
const guide = join(root, 'docs', 'guide');
const PAGES = readdirSync(join(guide, 'en')).filter((name) => name.endsWith('.md'));
const read = (path: string): string => readFileSync(path, 'utf8');
const page = (language: 'en' | 'nb', name: string): string => read(join(guide, language, name));

const FENCE = /^ *```[\s\S]*?^ *```$/gm;
const prose = (text: string): string => text.replaceAll(FENCE, '');
const headings = (text: string): string[] => prose(text).match(/^#+ .*$/gm) ?? [];
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((found) => found[1] ?? '');
const links = (text: string): string[] =>
  [...all(prose(text), /\]\(([^)\s]+)\)/g), ...all(text, /(?:src|srcset)="([^"]+)"/g)].filter(
    (link) => !/^[a-z]+:/.test(link),
  );

/** As the page is shown: small letters and digits, `-` for blanks. */
const anchor = (heading: string): string =>
  heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- ]/gu, '')
    .replaceAll(' ', '-');

function deadLinks(file: string): string[] {
  return links(read(file)).filter((link) => {
    const [path = '', hash] = link.split('#');
    const target = path === '' ? file : join(dirname(file), path);
    if (!existsSync(target)) return true;
    return hash !== undefined && !headings(read(target)).map(anchor).includes(decodeURIComponent(hash));
  });
}

test('both languages have the same pages', () => {
  expect(readdirSync(join(guide, 'nb')).toSorted()).toEqual(readdirSync(join(guide, 'en')).toSorted());
});

const shape = (text: string): object => ({
  headings: headings(text).map((heading) => heading.split(' ')[0]),
  pictures: all(text, /screenshots\/(?:en|nb)\/([\w-]+)\.webp/g),
  fences: text.match(FENCE)?.length ?? 0,
  rows: prose(text).match(/^\|/gm)?.length ?? 0,
});

describe.each(PAGES)('%s', (name) => {
  test('has the same headings, pictures, commands and tables in both languages', () => {
    expect(shape(page('nb', name))).toEqual(shape(page('en', name)));
  });

  test.each(['en', 'nb'] as const)('%s leads only to what is there', (language) => {
    expect(deadLinks(join(guide, language, name))).toEqual([]);
  });

  test('is found from the index', () => {
    if (name === 'index.md') return;
    for (const language of ['en', 'nb'] as const) expect(page(language, 'index.md')).toContain(`](${name})`);
  });
});

test('README leads only to what is there', () => {
  expect(deadLinks(join(root, 'README.md'))).toEqual([]);
});

describe.each([
  ['en', en],
  ['nb', nb],
] as const)('%s names what the window shows', (language, texts) => {
  // A name kept for later has no mismatch to be shown.
  test.each(MISMATCH_KINDS.filter((kind) => kind !== 'changedMeanwhile'))('the kind %s, by word and title', (kind) => {
    const text = page(language, 'mismatches.md');
    expect(text).toContain(`\`${kind}\``);
    expect(headings(text).join('\n')).toContain(texts.mismatch[kind].title);
  });

  test.each(TAKES.filter((take) => take !== 'approve' && take !== 'reject'))('the way out %s', (take) => {
    expect(page(language, 'mismatches.md')).toContain(texts.take[take]);
  });

  test('every screen', () => {
    for (const screen of Object.values(texts.screen)) expect(page(language, 'shortcuts.md')).toContain(`| ${screen} |`);
  });
});
