import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';

/** The small one: each page compiles it anew, which takes as long as looking does. */
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** WCAG 2.2 AA, as far as a program can judge it. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The rules that ask for colours; the others find the same in the same document, light or dark. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

const RULES = { all: { type: 'tag', values: TAGS }, ofColour: { type: 'rule', values: OF_COLOUR } } as const;

/**
 * What axe finds against a page as it stands, as `rule: elements`. It runs in the page itself and gathers nothing about
 * what is right, which takes a third of the time that `@axe-core/playwright` does.
 */
export async function violations(page: Page, rules: keyof typeof RULES = 'all'): Promise<string[]> {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(AXE);
  const options = { runOnly: RULES[rules], resultTypes: ['violations'], elementRef: false };
  return page.evaluate<string[]>(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`);
}
