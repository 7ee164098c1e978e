import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDemo } from './cli.fixture.ts';
import type { Demo } from './cli.fixture.ts';
import { EXIT } from './exit-codes.ts';

/** One record or one pair, from the command line. */

interface Row {
  readonly nativeId: string;
  readonly partnerId: string | null;
}
interface Told {
  readonly [name: string]: unknown;
  readonly rows: readonly Row[];
}

let demo: Demo;
let pair: { customerp: string; tidsbanken: string };
let free: string;
const json = async (...words: string[]): Promise<Told> => {
  const { stdout } = await demo.tidsbro(...words, '--json');
  return JSON.parse(stdout) as Told;
};

beforeAll(async () => {
  demo = await openDemo('--customers=6', '--employees=2', '--projects=2', '--overlap=0.5', '--differ=0', '--dirt=0');
  await demo.tidsbro('sync', '--approve', 'all');
  const { rows } = await json('records', '--flow', 'customer-kunde', '--side', 'customerp');
  const linked = rows.find((row) => row.partnerId !== null);
  pair = { customerp: linked?.nativeId ?? '', tidsbanken: linked?.partnerId ?? '' };
  const kunder = await json('records', '--flow', 'customer-kunde', '--side', 'tidsbanken');
  free = kunder.rows.find((row) => row.partnerId === null)?.nativeId ?? '';
}, 120_000);
afterAll(() => demo.close());

describe('sync --record', () => {
  it('reads and counts one pair, and names the record', async () => {
    expect(await json('sync', '--record', `customer:customerp:${pair.customerp}`)).toMatchObject({
      state: 'done',
      record: { flow: 'customer-kunde', side: 'customerp', nativeId: pair.customerp },
      flows: { 'customer-kunde': { read: { customerp: 1, tidsbanken: 1 }, inStep: 2 } },
    });
  }, 30_000);

  it.each([
    { what: 'no side', words: ['--record', 'customer:10001'] },
    { what: 'another kind', words: ['--record', 'invoice:customerp:1'] },
    { what: 'another side', words: ['--record', 'customer:left:1'] },
    { what: 'a flow beside it', words: ['--record', 'customer:customerp:1', '--flow', 'customer-kunde'] },
    { what: 'the confirmation of a whole plan', words: ['--record', 'customer:customerp:1', '--approve', 'all'] },
    { what: 'a record that was never read', words: ['--record', 'customer:customerp:nobody'] },
  ])(
    '$what is refused',
    async ({ words }) => {
      const { code, stderr } = await demo.tidsbro('sync', ...words);
      expect(code).toBe(EXIT.failed);
      expect(stderr).not.toBe('');
    },
    30_000,
  );
});

describe('the controls of one pair', () => {
  it('direction narrows it, relink gives it another partner, never-link leaves out what is left', async () => {
    expect(await json('direction', 'customer-kunde', pair.customerp, 'toTidsbanken')).toMatchObject({
      direction: 'toTidsbanken',
    });
    expect((await demo.tidsbro('relink', 'customer-kunde', pair.customerp, free)).code).toBe(EXIT.done);
    expect(await json('never-link', 'customer-kunde', 'tidsbanken', pair.tidsbanken)).toEqual({ aside: true });
    expect(await json('never-link', 'customer-kunde', 'tidsbanken', pair.tidsbanken, '--off')).toEqual({
      aside: false,
    });
    expect((await demo.tidsbro('never-link', 'customer-kunde', 'tidsbanken', free)).code).toBe(EXIT.failed);
  }, 60_000);
});
