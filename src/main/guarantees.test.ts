import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const promises = readFileSync('docs/guarantees.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| **'));
const idsIn = (text: string): string[] => text.match(/\b(?:[A-Z]\d+|\d\.\d|section \d+)\b/g) ?? [];
const rules = readFileSync('docs/sync-rules.md', 'utf8');

it.each(promises.map((line) => [/\*\*(.*?)\*\*/.exec(line)?.[1] ?? '', line]))(
  'the promise “%s” names rules that there are, and tests that there are',
  (_, line) => {
    const [, , ids = '', proof = ''] = line.split('|');
    expect(idsIn(ids)).not.toEqual([]);
    for (const id of idsIn(ids).filter((name) => /^[A-Z]/.test(name))) expect(rules).toContain(`| ${id} |`);
    const files = [...proof.matchAll(/`(src\/[^`]+)`/g)].map(([, file = '']) => file);
    expect(files.length > 0 || proof.includes('worlds')).toBe(true);
    for (const file of files) expect([file, existsSync(file)]).toEqual([file, true]);
  },
);

it('the promises are there', () => expect(promises.length).toBeGreaterThan(15));
