import { Ajv } from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

const Builder = z.looseObject({
  files: z.array(z.string()),
  electronFuses: z.record(z.string(), z.boolean()),
  linux: z.object({ files: z.array(z.string()) }).loose(),
  win: z.object({ files: z.array(z.string()) }).loose(),
  mac: z.object({ files: z.array(z.string()) }).loose(),
});

describe('electron-builder.yml', () => {
  const config: unknown = parse(text('electron-builder.yml'));
  it('is what electron-builder takes', () => {
    const schema = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(text('node_modules/app-builder-lib/scheme.json')));
    // The schema speaks an older dialect than ajv's strict mode wants; what it says still holds.
    const ajv = new Ajv({ strict: false });
    const validate = ajv.compile(schema);
    expect({ valid: validate(config), errors: validate.errors }).toEqual({ valid: true, errors: null });
    expect(validate({ ...Builder.parse(config), npmRebuild: 'never' })).toBe(false);
  });
  it('burns every fuse that would let a stranger in', () => {
    expect(Builder.parse(config).electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });
  it('leaves out the native modules of other platforms, by the names they have', () => {
    const { linux, win, mac } = Builder.parse(config);
    const names = readdirSync(join(root, 'node_modules/better-sqlite3/prebuilds'));
    for (const [platform, { files }] of Object.entries({ linux, win32: win, darwin: mac })) {
      // Without an inclusion, electron-builder would pack the whole folder, sources and all.
      expect(files).toEqual(['package.json', `!node_modules/better-sqlite3/prebuilds/!(${platform}-\${arch}).node`]);
      expect(names).toContain(`${platform}-x64.node`);
    }
  });
});

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }).loose(),
  ),
});

/** Where Node would look for the package, from the innermost node_modules outward. */
function placesOf(from: string, name: string): string[] {
  const parts = from === '' ? [] : from.split('/node_modules/');
  const inner = parts.map((_, depth) => `${parts.slice(0, depth + 1).join('/node_modules/')}/node_modules/${name}`);
  return [`node_modules/${name}`, ...inner];
}

it('every optional dependency in the lock file is itself an entry, or npm ci would stop on another platform', () => {
  const { packages } = Lock.parse(JSON.parse(text('package-lock.json')));
  const missing = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !placesOf(from, name).some((place) => Object.hasOwn(packages, place)))
      .map((name) => `${from} → ${name}`),
  );
  expect(missing).toEqual([]);
});
