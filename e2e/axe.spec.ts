import { violations } from './axe.ts';
import { expect, test } from './fixtures.ts';

const WRONG = `<html lang="en"><title>x</title><main><h1>x</h1>
  <img src="data:,"><p style="color: #ddd; background: #fff">pale</p></main></html>`;

const rules = (found: readonly string[]): string[] => found.map((one) => one.split(':')[0] ?? '').toSorted();

test('what is wrong is found, and of that the colours alone where only they are asked for', async ({ page }) => {
  await page.setContent(WRONG);
  expect(rules(await violations(page))).toEqual(['color-contrast', 'image-alt']);
  expect(rules(await violations(page, 'ofColour'))).toEqual(['color-contrast']);
});
