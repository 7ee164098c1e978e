import { join } from 'node:path';
import { expect, it } from 'vitest';
import { appDataDir } from './app-data.ts';

it.each<[NodeJS.Platform, Record<string, string>, string]>([
  ['linux', {}, join('/home/a', '.local', 'share', 'tidsbro')],
  ['linux', { XDG_DATA_HOME: '/data' }, join('/data', 'tidsbro')],
  ['darwin', {}, join('/home/a', 'Library', 'Application Support', 'tidsbro')],
  ['win32', { APPDATA: 'C:\\Roaming' }, join('C:\\Roaming', 'tidsbro')],
])('on %s with %o a workspace lives in %s', (platform, env, dir) =>
  expect(appDataDir(env, platform, '/home/a')).toBe(dir),
);
