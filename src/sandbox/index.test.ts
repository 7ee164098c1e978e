import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { customerpSwitches } from './customerp/switches.ts';
import { startSandbox } from './index.ts';
import { readArguments } from './options.ts';
import { tidsbankenSwitches } from './tidsbanken/switches.ts';

const Urls = z.object({ customerp: z.object({ url: z.url() }), tidsbanken: z.object({ url: z.url() }) });

describe('the command line', () => {
  it('reads flags and switches', () => {
    const counts = ['--customers', '7', '--overlap', '0.5', '--clock-shift=-5', '--stdin-guard'];
    const settings = ['--set', 'tidsbanken.putMerges=false', '--set', 'customerp.requireIfMatch=true'];
    const { options, stdinGuard } = readArguments([...counts, ...settings]);
    expect(options).toEqual({
      customers: 7,
      overlap: 0.5,
      clockShift: -5,
      switches: { 'tidsbanken.putMerges': 'false', 'customerp.requireIfMatch': 'true' },
    });
    expect(stdinGuard).toBe(true);
  });

  it.each([
    ['--overlap', '2'],
    ['--customers', '1.5'],
    ['--customers', ''],
    ['--set', 'x'],
    ['--unknown', '1'],
  ])('refuses %s %s', (flag, value) => {
    expect(() => readArguments([flag, value])).toThrow(flag);
  });

  it('refuses switches that do not exist', async () => {
    await expect(startSandbox({ switches: { 'tidsbanken.colour': 'red' } })).rejects.toThrow('colour');
    await expect(startSandbox({ switches: { colour: 'red' } })).rejects.toThrow('colour');
  });
});

it('as a process: prints both addresses on one line, listens, and goes when its guard goes', async () => {
  const args = ['src/sandbox/index.ts', '--customers', '3', '--employees', '2', '--projects', '2', '--stdin-guard'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = z.tuple([z.string()]).parse(await once(createInterface({ input: child.stdout }), 'line'));
  const { customerp, tidsbanken } = Urls.parse(JSON.parse(line));
  expect((await fetch(`${customerp.url}/_sandbox/counts`)).status).toBe(200);
  expect((await fetch(`${tidsbanken.url}/`)).headers.get('content-type')).toContain('text/html');
  child.stdin.end();
  const [code] = z
    .tuple([z.number()])
    .rest(z.unknown())
    .parse(await once(child, 'exit'));
  expect(code).toBe(0);
});

it('every switch stands in the README', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const names = [
    ...Object.keys(tidsbankenSwitches).map((name) => `tidsbanken.${name}`),
    ...Object.keys(customerpSwitches).map((name) => `customerp.${name}`),
  ];
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
