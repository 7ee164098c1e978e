import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { initWorkspace, WORKSPACE_FILE } from './workspace-file.ts';
import { SCHEMA_FILE, schemaText } from './workspace-schema.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tidsbro-schema-'));
});
afterEach(() => rm(dir, { recursive: true }));

const isValid = new Ajv({ allowUnionTypes: true, strict: false, validateFormats: false }).compile(
  JSON.parse(schemaText()) as object,
);

it('the schema in assets/ is current; if not: npm run schema', () => {
  expect(readFileSync(resolve('assets', SCHEMA_FILE), 'utf8')).toBe(schemaText());
});

it.each(['demo', 'customerp-rest'])(
  'a new workspace (%s) names the schema, has it, and keeps to it',
  async (preset) => {
    await initWorkspace(dir, { preset });
    const text = readFileSync(join(dir, WORKSPACE_FILE), 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/workspace\.schema\.json\n/);
    expect(readFileSync(join(dir, SCHEMA_FILE), 'utf8')).toBe(schemaText());
    expect(isValid(parse(text))).toBe(true);
  },
);

it.each([
  ['a word that is none', { enabled: true, direction: 'off' }],
  ['a type that is none', { properties: { phone: { type: 'telephone' } } }],
  ['a kind that is none', { create: { inTidsbanken: { ifReferredTo: ['order'] } } }],
  ['a strength of the engine', { keys: [{ name: 'number', properties: ['number'], strength: 'weak' }] }],
])('an editor marks %s', (_name, flow) => {
  const systems = { preset: 'demo', url: 'http://127.0.0.1:1', secrets: {} };
  const workspace = { name: 'Demo', systems: { customerp: systems, tidsbanken: systems } };
  expect(isValid({ ...workspace, flows: { 'customer-kunde': {} } })).toBe(true);
  expect(isValid({ ...workspace, flows: { 'customer-kunde': flow } })).toBe(false);
});
