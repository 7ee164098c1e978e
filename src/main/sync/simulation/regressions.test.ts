import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Failing } from './shrink.ts';
import { simulate } from './simulate.ts';

/** Stories that once went wrong, shortened, each with the rule that was broken. */

const FOLDER = join(import.meta.dirname, 'regressions');
const stories = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, story: JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Failing }));

it.each(stories)('$story.rule: $story.note ($name)', async ({ story }) => {
  const { violations, tell } = await simulate(story.seed, { steps: story.steps, traits: story.traits });
  expect(violations.length === 0 ? '' : tell()).toBe('');
});
