import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDemo } from './cli.fixture.ts';
import type { Demo, Ended } from './cli.fixture.ts';
import { itemId, taking } from './review.ts';

const Items = z.object({ total: z.number(), items: z.array(z.looseObject({ item: z.string(), summary: z.string() })) });
const itemsOf = ({ stdout }: Ended): z.output<typeof Items> => Items.parse(JSON.parse(stdout));

it.each([
  ['accept', { take: 'accept' }],
  ['link', { take: 'link' }],
  ['link:10002', { take: 'link', linkTo: '10002' }],
  ['link:a:b', { take: 'link', linkTo: 'a:b' }],
])('--take %s', (text, taken) => expect(taking(text)).toEqual(taken));

it.each(['link:', 'accept:7', 'delete', ''])('--take "%s" is refused', (text) =>
  expect(() => taking(text)).toThrow(/link:ID|Allowed choices/),
);

it.each(['12', 'change:', 'change:-1', 'record:1'])('--item "%s" is refused', (text) =>
  expect(() => itemId(text)).toThrow(/change:12 or mismatch:7/),
);

describe('a demo with records that only look alike', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await openDemo('--customers', '40', '--employees', '4', '--projects', '4', '--dirt', '0.3', '--seed', '3');
    await demo.tidsbro('plan');
  });
  afterAll(() => demo.close());

  const first = async (kind: string): Promise<z.output<typeof Items>['items'][number]> => {
    const [found] = itemsOf(await demo.tidsbro('review', '--kind', kind, '--json')).items;
    if (found === undefined) throw new Error(`This demo has no ${kind}.`);
    return found;
  };

  it('names the candidates in the list', async () => {
    expect((await first('severalCandidates')).summary).toMatch(/^(Customerp|Tidsbanken) \S+, \S+ could be it \(.+\)$/);
  });

  it('shows one mismatch whole: what differs, and what each way out does', async () => {
    const { item } = await first('firstDifference');
    const { code, stdout } = await demo.tidsbro('review', '--item', item);
    expect(code).toBe(2);
    expect(stdout).toMatch(/Differing \(\w+\):\n {2}\w+: Customerp .+, Tidsbanken .+\n/);
    expect(stdout).toMatch(
      /customerp( \(suggested\))?: the next Sync or apply gives Tidsbanken the value of Customerp/,
    );
  });

  it('shows the candidates of one mismatch with what they agree on', async () => {
    const { item } = await first('severalCandidates');
    const { stdout } = await demo.tidsbro('review', '--item', item);
    expect(stdout).toMatch(/Candidates:\n {2}(Customerp|Tidsbanken) .+, agrees on \w+/);
  });

  it('shows one change whole, as it will be written', async () => {
    const { item } = await first('create');
    expect((await demo.tidsbro('review', '--item', item)).stdout).toMatch(/\nname \(create\):\n {2}name: ".+"\n/);
  });

  it('links in bulk where there is one candidate, and refuses the rest by name', async () => {
    const { total } = itemsOf(await demo.tidsbro('review', '--kind', 'weakMatch', '--json'));
    expect(total).toBeGreaterThan(1);
    const linked = await demo.tidsbro('review', '--kind', 'weakMatch', '--take', 'link', '--json');
    expect(JSON.parse(linked.stdout)).toEqual({ decided: total, refused: [] });
    const refused = await demo.tidsbro('review', '--kind', 'severalCandidates', '--take', 'link', '--json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ decided: 0 });
    expect(refused.stderr).toMatch(/^mismatch:\d+: .*link:ID/m);
  });

  it.each(['mismatches', 'review'])('%s that shows nothing ends with 0, though other things wait', async (command) => {
    expect(await demo.tidsbro(command, '--kind', 'weakMatch')).toMatchObject({ code: 0, stderr: '' });
    expect(await demo.tidsbro(command)).toMatchObject({ code: 2, stderr: '' });
  });

  it('journal --record takes the id that a record has in its system', async () => {
    const [link] = itemsOf(await demo.tidsbro('review', '--kind', 'firstDifference', '--json')).items;
    const { customerpId } = z.looseObject({ customerpId: z.string() }).parse(link);
    const { code, stdout } = await demo.tidsbro('journal', '--record', customerpId);
    expect(code).toBe(0);
    expect(stdout).toContain('linkMade');
  });
});
