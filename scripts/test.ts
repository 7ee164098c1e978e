import './node-version.ts';
import { chromium } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { findBrowser, installBrowser } from './browsers.ts';
import { build } from './build.ts';
import { findElectron } from './electron.ts';

/**
 * npm test: compiler, lint, format, unit tests, build, browser tests. Everything is run even when something before it
 * failed; what is skipped is said and counted, and the last line sums it all up.
 */

interface Sum {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
const NONE: Sum = { passed: 0, failed: 0, skipped: 0 };
const add = (a: Sum, b: Sum): Sum => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const root = resolve(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'tidsbro-test-'));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** A program of node_modules by its own file, so that no shell and no other Node comes between. */
function run(name: string, args: readonly string[], env: Record<string, string> = {}): boolean {
  say(`\n== ${[name, ...args].join(' ')}`);
  const options = {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  } as const;
  return spawnSync('npx', ['--no-install', name, ...args], options).status === 0;
}

function report<T extends z.ZodType>(file: string, schema: T): z.output<T> | null {
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}

const VitestReport = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});

function unitTests(): Sum {
  const file = join(reports, 'vitest.json');
  const ok = run('vitest', [
    'run',
    '--reporter=default',
    '--silent=passed-only',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const told = report(file, VitestReport);
  if (told === null) return { ...NONE, failed: 1 };
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests, numTodoTests } = told;
  // A file that could not even be loaded has no tests to fail, and must not pass for that.
  return { passed, failed: Math.max(failed, ok ? 0 : 1), skipped: numPendingTests + numTodoTests };
}

const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});

function playwright(args: readonly string[]): { ok: boolean; sum: Sum } {
  const file = join(reports, 'playwright.json');
  rmSync(file, { force: true });
  const ok = run('playwright', ['test', ...args], { PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  const stats = report(file, PlaywrightReport)?.stats;
  if (stats === undefined) return { ok, sum: { ...NONE, failed: 1 } };
  const failed = Math.max(stats.unexpected, ok ? 0 : 1);
  return { ok, sum: { passed: stats.expected + stats.flaky, failed, skipped: stats.skipped } };
}

const size = ({ passed, failed, skipped }: Sum): number => passed + failed + skipped;

const browserHere = () => findBrowser(process.env, chromium.executablePath());

function browserTests(): Sum {
  if (browserHere() === null) installBrowser(say);
  const browser = browserHere();
  if (browser === null) {
    say('Skipped: all browser tests. Install Chromium, Chrome or Edge, or name one with APP_BROWSER.');
    return { ...NONE, skipped: countSpecs() };
  }
  say(`\nBrowser: ${browser.path} (${browser.from})`);
  const web = playwright(['--project=web', '--reporter=list,json']).sum;
  if (findElectron(root) === null) return { ...web, skipped: web.skipped + size(web) };
  return add(web, playwright(['--project=electron', '--reporter=list,json']).sum);
}

const Listed = z.object({ suites: z.array(z.looseObject({})) });

/** Without a browser nothing runs, but it can be told how much that is. */
function countSpecs(): number {
  const file = join(reports, 'list.json');
  run('playwright', ['test', '--list', '--project=web', '--reporter=json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  const listed = report(file, Listed);
  return listed === null ? 0 : JSON.stringify(listed).split('"projectName"').length - 1;
}

const checks = [run('tsc', ['-b']), run('oxlint', ['--deny-warnings']), run('oxfmt', ['--check'])];
const units = unitTests();
say('\n== build');
const built = build(root);
const browsers = built ? browserTests() : NONE;
rmSync(reports, { recursive: true, force: true });

const { passed, failed, skipped } = add(units, browsers);
if (checks.includes(false)) say('\nThe compiler, the linter or the formatter complained; see above.');
if (!built) say('\nThe build failed, so no browser test was run; see above.');
say(`\n${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`);
process.exit(failed === 0 && built && !checks.includes(false) ? 0 : 1);
