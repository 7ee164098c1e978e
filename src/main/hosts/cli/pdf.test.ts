import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_VARIABLE, findBrowser, writePdf } from './pdf.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tidsbro-pdf-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function program(name: string, lines: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('the browser that prints', () => {
  it('is the one that is named, or the first that is installed', async () => {
    const path = await program('chromium', 'exit 0');
    expect(findBrowser({ [BROWSER_VARIABLE]: path })).toEqual({ ok: true, value: path });
    expect(findBrowser({ PATH: `/nowhere:${dir}` }, 'linux')).toEqual({ ok: true, value: path });
  });

  it.each([
    ['what is named is not there', { [BROWSER_VARIABLE]: '/nowhere/chromium', PATH: '/nowhere' }, '/nowhere/chromium'],
    ['nothing is installed', { PATH: '/nowhere' }, 'No Chromium, Chrome or Edge'],
  ])('%s: told, with what to do', (_name, env, words) => {
    const found = findBrowser(env, 'linux');
    expect(found).toMatchObject({ ok: false, failure: { kind: 'noBrowser' } });
    expect(found.ok ? '' : found.failure.what).toContain(words);
  });

  it.skipIf(process.platform === 'win32').each([
    ['ends with a fault', 'exit 3', 'it ended with 3'],
    ['writes nothing', 'exit 0', 'the browser wrote no file'],
  ])('one that %s prints nothing', async (_name, lines, words) => {
    const path = await program('other', lines);
    const written = await writePdf(path, '<!doctype html>', join(dir, 'none.pdf'));
    expect(written.ok ? '' : written.failure.what).toContain(words);
  });

  const installed = findBrowser(process.env);
  it.skipIf(!installed.ok)(
    'prints a page with its text, in the size that the page asks for',
    async () => {
      if (!installed.ok) return;
      const out = join(dir, 'page.pdf');
      const html = '<!doctype html><style>@page { size: A4 landscape }</style><h1>Dataflyt</h1>';
      expect(await writePdf(installed.value, html, out)).toEqual({ ok: true, value: out });
      const pdf = (await readFile(out)).toString('latin1');
      expect(pdf.startsWith('%PDF-')).toBe(true);
      const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
      expect(Number(width)).toBeGreaterThan(Number(height));
    },
    120_000,
  );
});
