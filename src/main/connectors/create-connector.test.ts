import { describe, expect, it } from 'vitest';
import { createConnector } from './create-connector.ts';
import type { ConnectorSettings } from './create-connector.ts';

const good: ConnectorSettings = {
  side: 'customerp',
  use: { preset: 'customerp-rest' },
  baseUrl: 'http://127.0.0.1:9/',
  secrets: { bearer: 'demo-customerp-key' },
};

describe('createConnector', () => {
  it('takes its times from the limits handed in', async () => {
    const made = createConnector({ ...good, limits: { requestMs: 1_000, settleMs: 2_000 } });
    if (!made.ok) throw new Error(made.failure.what);
    expect(made.value.capabilities('customer')).toMatchObject({ requestTimeoutMs: 1_000, settleMs: 2_000 });
    expect(made.value.kinds).toEqual(['department', 'customer', 'employee', 'project']);
    await made.value.close();
  });

  it.each<{ what: string; change: Partial<ConnectorSettings>; kind: string }>([
    { what: 'an unknown preset', change: { use: { preset: 'toString' } }, kind: 'badDescriptor' },
    { what: 'the wrong side', change: { side: 'tidsbanken' }, kind: 'badDescriptor' },
    {
      what: 'settle under twice the timeout',
      change: { limits: { requestMs: 1_000, settleMs: 1_999 } },
      kind: 'badDescriptor',
    },
    { what: 'no key', change: { secrets: {} }, kind: 'missingSecret' },
    { what: 'a key with a line break', change: { secrets: { bearer: 'a\r\nx: y' } }, kind: 'missingSecret' },
    { what: 'no address', change: { baseUrl: 'nowhere' }, kind: 'badAddress' },
    { what: 'another scheme', change: { baseUrl: 'file:///etc' }, kind: 'badAddress' },
    { what: 'a password in the address', change: { baseUrl: 'https://u:hidden@erp.example' }, kind: 'badAddress' },
    { what: 'http to another computer', change: { baseUrl: 'http://erp.example' }, kind: 'badAddress' },
    {
      what: 'a host that only looks like loopback',
      change: { baseUrl: 'http://127.0.0.1.evil.example' },
      kind: 'badAddress',
    },
  ])('refuses $what', ({ change, kind }) => {
    const made = createConnector({ ...good, ...change });
    expect(made).toMatchObject({ ok: false, failure: { kind } });
    expect(JSON.stringify(made)).not.toMatch(/hidden|x: y/);
  });
});
