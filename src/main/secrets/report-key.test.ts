import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSignedBy, reportKey, REPORT_KEY_FILE } from './report-key.ts';
import type { ReportKey } from './report-key.ts';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'tidsbro-report-key-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const keyIn = (folder: string): ReportKey => {
  const key = reportKey(folder);
  if (!key.ok) throw new Error(key.failure.what);
  return key.value;
};

describe('7.6: the key that signs reports', () => {
  it('is made once, for this account only, and found again', () => {
    const { keyId } = keyIn(dir);
    expect(keyIn(dir).keyId).toBe(keyId);
    expect(statSync(join(dir, REPORT_KEY_FILE)).mode & 0o777).toBe(0o600);
  });

  it('signs a text, and nothing but that text under that key', () => {
    const signature = keyIn(dir).sign('report');
    expect(isSignedBy('report', signature)).toBe(true);
    expect(isSignedBy('repørt', signature)).toBe(false);
    expect(isSignedBy('report', { ...signature, keyId: '0'.repeat(16) })).toBe(false);
    expect(isSignedBy('report', { ...signature, publicKey: 'AAAA' })).toBe(false);
    expect(isSignedBy('report', { ...signature, value: '' })).toBe(false);
  });

  it('a file that holds something else is told, and is left as it is', () => {
    writeFileSync(join(dir, REPORT_KEY_FILE), 'not a key');
    const key = reportKey(dir);
    expect(key.ok ? null : key.failure.kind).toBe('reportKeyUnusable');
  });
});
