import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimPair, pairDigest } from './pair-registry.ts';
import { WORKSPACE_FILE } from './workspace-file.ts';

let home = '';
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'tidsbro-pairs-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const folder = () => join(home, 'pairs');
const claim = (dir: string, digest = 'abc') => claimPair({ folder: folder(), digest }, dir);

function workspace(name: string): string {
  const dir = join(home, name);
  mkdirSync(dir);
  writeFileSync(join(dir, WORKSPACE_FILE), 'name: x\n');
  return dir;
}

describe('S10 one installation for a pair of tenants', () => {
  it('the first keeps it; another is refused with its name and what to do', async () => {
    const [a, b] = [workspace('a'), workspace('b')];
    expect(await claim(a)).toEqual({ ok: true, value: null });
    expect(await claim(a)).toEqual({ ok: true, value: null });
    const refused = await claim(b);
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'otherInstallation' } });
    expect(refused.ok ? '' : `${refused.failure.what} ${refused.failure.todo}`).toContain(a);
    expect(await claim(b, 'another pair')).toEqual({ ok: true, value: null });
  });

  it('a workspace whose folder is gone is replaced, and so is a claim that nobody can read', async () => {
    const [a, b] = [workspace('a'), workspace('b')];
    await claim(a);
    rmSync(a, { recursive: true });
    expect(await claim(b)).toEqual({ ok: true, value: null });
    writeFileSync(join(folder(), 'abc.json'), 'not json');
    expect(await claim(b)).toEqual({ ok: true, value: null });
    expect(readFileSync(join(folder(), 'abc.json'), 'utf8')).toBe(`${JSON.stringify({ workspace: b })}\n`);
  });

  it('of two that start at once one is refused, and nothing is left behind', async () => {
    const [a, b] = [workspace('a'), workspace('b')];
    const claims = await Promise.all([claim(a), claim(b), claim(a), claim(b)]);
    expect(new Set(claims.map((c) => c.ok))).toEqual(new Set([true, false]));
    expect(readdirSync(folder())).toEqual(['abc.json']);
  });

  it.skipIf(process.platform === 'win32')('is for this account only', async () => {
    await claim(workspace('a'));
    expect(statSync(join(folder(), 'abc.json')).mode & 0o777).toBe(0o600);
  });

  it('where no claim can be kept nobody is refused', async () => {
    writeFileSync(folder(), 'a file where the folder should be');
    expect(await claim(workspace('a'))).toEqual({ ok: true, value: null });
  });
});

const side = (url: string, key: string) => ({ url, secrets: { key } });

it('S10 a pair is told by addresses and keys, and tells neither', () => {
  const pair = { customerp: side('https://e.example', 'k1'), tidsbanken: side('https://t.example', 'k2') };
  const digest = pairDigest(pair);
  expect(digest).toMatch(/^[0-9a-f]{32}$/);
  expect(pairDigest({ ...pair })).toBe(digest);
  for (const other of [
    { ...pair, customerp: side('https://e2.example', 'k1') },
    { ...pair, tidsbanken: side('https://t.example', 'k3') },
  ])
    expect(pairDigest(other)).not.toBe(digest);
});
