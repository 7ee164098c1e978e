import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONCEAL_KEY_FILE, concealKey } from './conceal-key.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidsbro-key-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('J1 the key of a workspace', () => {
  it('is made once, at random, and nothing else is left behind', () => {
    const first = concealKey(dir);
    expect(first).toMatchObject({ ok: true, value: { length: 32 } });
    expect(concealKey(dir)).toEqual(first);
    expect(readdirSync(dir)).toEqual([CONCEAL_KEY_FILE]);
    rmSync(join(dir, CONCEAL_KEY_FILE));
    expect(concealKey(dir)).not.toEqual(first);
  });

  it.skipIf(process.platform === 'win32')('is for this account only', () => {
    concealKey(dir);
    expect(statSync(join(dir, CONCEAL_KEY_FILE)).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'abc', 'g'.repeat(64), '0'.repeat(62)])('a file that holds “%s” is told, and not replaced', (text) => {
    writeFileSync(join(dir, CONCEAL_KEY_FILE), text);
    expect(concealKey(dir)).toMatchObject({ ok: false, failure: { kind: 'concealKeyUnusable' } });
  });

  it('a folder that cannot be written is told', () => {
    expect(concealKey(join(dir, 'nowhere'))).toMatchObject({ ok: false, failure: { kind: 'concealKeyUnusable' } });
  });
});
