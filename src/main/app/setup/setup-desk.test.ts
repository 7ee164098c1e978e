import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../sandbox/index.ts';
import type { Sandbox } from '../../../sandbox/index.ts';
import type { SystemDraft, WorkspaceDraft } from '../../../shared/contract/setup.ts';
import { fail, ok } from '../../../shared/domain.ts';
import { openApp } from '../open-app.ts';
import { readWorkspace } from '../workspace/workspace-file.ts';
import { setupDesk } from './setup-desk.ts';
import type { SetupDesk } from './setup-desk.ts';

/** The first start, against the simulated systems over HTTP. */

const ENV = {
  TIDSBRO_CUSTOMERP_BEARER: 'demo-customerp-key',
  TIDSBRO_TIDSBANKEN_TB_KEY: 'demo-tb-key',
  TIDSBRO_TIDSBANKEN_SUBSCRIPTION_KEY: 'demo-subscription-key',
};

let sandbox: Sandbox;
let folder: string;
let desk: SetupDesk;
let remembered: string[];
beforeAll(async () => {
  sandbox = await startSandbox({ customers: 3, employees: 2, projects: 2, seed: 1 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidsbro-setup-'));
  remembered = [];
  desk = deskWith(ENV);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const deskWith = (env: Record<string, string>): SetupDesk =>
  setupDesk({
    env,
    folder,
    open: async (dir) => {
      const opened = await openApp({ workspaceDir: dir, env, person: 'kari' });
      if (!opened.ok) return fail(opened.failure);
      await opened.value.close();
      return ok(null);
    },
    startDemo: () => Promise.reject(new Error('not asked for')),
    remember: (dir) => Promise.resolve(void remembered.push(dir)),
  });

const systems = (): Record<'customerp' | 'tidsbanken', SystemDraft> => ({
  customerp: {
    preset: 'customerp-rest',
    url: sandbox.customerp.url,
    secrets: { bearer: 'TIDSBRO_CUSTOMERP_BEARER' },
  },
  tidsbanken: {
    preset: 'tidsbanken',
    url: sandbox.tidsbanken.url,
    secrets: {
      'tb-key': 'TIDSBRO_TIDSBANKEN_TB_KEY',
      'Ocp-Apim-Subscription-Key': 'TIDSBRO_TIDSBANKEN_SUBSCRIPTION_KEY',
    },
  },
});
const draft = (more: Partial<WorkspaceDraft> = {}): WorkspaceDraft => ({
  folder: join(folder, 'own'),
  name: 'Fjordlys AS',
  systems: systems(),
  flows: ['customer-kunde', 'project-prosjekt'],
  ...more,
});

describe('what can be chosen', () => {
  it('names the presets with the variables that init writes', () => {
    const { choices } = desk.state();
    expect(choices?.presets).toEqual([
      {
        name: 'tidsbanken',
        side: 'tidsbanken',
        url: 'https://api.tidsbanken.net',
        secrets: Object.entries(systems().tidsbanken.secrets).map(([key, variable]) => ({ key, variable })),
      },
      {
        name: 'customerp-rest',
        side: 'customerp',
        url: '',
        secrets: [{ key: 'bearer', variable: 'TIDSBRO_CUSTOMERP_BEARER' }],
      },
    ]);
  });
});

describe('Test', () => {
  it.each(['customerp', 'tidsbanken'] as const)('tells what was found in %s', async (side) => {
    const found = await desk.test(side, systems()[side]);
    expect(found).toMatchObject({ side, unset: [], problem: null });
    expect(found.findings).toEqual(expect.arrayContaining([expect.stringMatching(/^customer: readable/)]));
  });

  it('names the variables that are not set, and no value of any', async () => {
    const found = await deskWith({ TIDSBRO_TIDSBANKEN_TB_KEY: 'demo-tb-key' }).test('tidsbanken', systems().tidsbanken);
    expect(found).toMatchObject({
      unset: ['TIDSBRO_TIDSBANKEN_SUBSCRIPTION_KEY'],
      problem: { kind: 'missingSecret' },
    });
    expect(JSON.stringify(found)).not.toContain('demo-tb-key');
  });

  it.each([
    { what: 'a wrong key', env: { ...ENV, TIDSBRO_CUSTOMERP_BEARER: 'another' }, url: null, kind: 'signInNeeded' },
    { what: 'nobody there', env: ENV, url: 'http://127.0.0.1:9', kind: 'unreachable' },
    { what: 'no address', env: ENV, url: 'erp', kind: 'badAddress' },
    { what: 'keys sent readable', env: ENV, url: 'http://erp.example.invalid', kind: 'badAddress' },
  ])('$what is told as $kind', async ({ env, url, kind }) => {
    const { customerp } = systems();
    const found = await deskWith(env).test('customerp', { ...customerp, url: url ?? customerp.url });
    expect(found).toMatchObject({ findings: [], problem: { kind } });
  });
});

describe('connecting one’s own systems', () => {
  it('writes a workspace with names of variables and no key, opens it, and opens it again next time', async () => {
    expect(await desk.create(draft())).toEqual(ok({ path: join(folder, 'own') }));
    const text = await readFile(join(folder, 'own', 'workspace.yaml'), 'utf8');
    for (const key of Object.values(ENV)) expect(text).not.toContain(key);
    expect(text).toContain('env:TIDSBRO_TIDSBANKEN_TB_KEY');
    expect(text).toMatch(/^# A Tidsbro workspace/m);
    expect(await readWorkspace(join(folder, 'own'))).toMatchObject({
      ok: true,
      value: { name: 'Fjordlys AS', flows: { 'employee-ansatt': { enabled: false } } },
    });
    expect(remembered).toEqual([join(folder, 'own')]);
    expect(desk.state().choices).toBeNull();
  });

  it('with a variable that is not set writes the workspace, says so, and opens it next time', async () => {
    const { TIDSBRO_CUSTOMERP_BEARER: _unset, ...env } = ENV;
    expect(await deskWith(env).create(draft())).toMatchObject({
      ok: false,
      failure: { kind: 'keysNotSet', facts: { variables: 'TIDSBRO_CUSTOMERP_BEARER' } },
    });
    expect(remembered).toEqual([join(folder, 'own')]);
  });

  it.each([
    { what: 'an address that cannot be', change: { url: 'ftp://erp' }, kind: 'badAddress' },
    { what: 'a preset that is not there', change: { preset: 'nothing' }, kind: 'badDescriptor' },
  ])('$what is refused, and nothing is written', async ({ change, kind }) => {
    const { customerp, tidsbanken } = systems();
    const made = await desk.create(draft({ systems: { customerp: { ...customerp, ...change }, tidsbanken } }));
    expect(made).toMatchObject({ ok: false, failure: { kind } });
    expect(await desk.folders(join(folder, 'own'))).toMatchObject({ ok: false });
    expect(desk.state().choices).not.toBeNull();
  });

  it('leaves a workspace that is there already as it is', async () => {
    await mkdir(join(folder, 'own'));
    await writeFile(join(folder, 'own', 'workspace.yaml'), 'name: Mine\n');
    expect(await desk.create(draft())).toMatchObject({ ok: false, failure: { kind: 'workspaceExists' } });
    expect(await readFile(join(folder, 'own', 'workspace.yaml'), 'utf8')).toBe('name: Mine\n');
  });

  it('only one of two windows chooses', async () => {
    const [one, two] = await Promise.all([desk.create(draft()), desk.create(draft({ folder: join(folder, 'b') }))]);
    expect([one.ok, two.ok]).toEqual([true, false]);
  });
});

describe('opening a workspace', () => {
  it('folders tell which of them hold one', async () => {
    await desk.create(draft());
    await mkdir(join(folder, 'empty'));
    await mkdir(join(folder, '.hidden'));
    expect(await desk.folders(folder)).toMatchObject({
      ok: true,
      value: {
        path: folder,
        isWorkspace: false,
        folders: [
          { name: 'empty', isWorkspace: false },
          { name: 'own', isWorkspace: true },
        ],
      },
    });
  });

  it('a folder that cannot be looked into is told', async () => {
    expect(await desk.folders(join(folder, 'nowhere'))).toMatchObject({
      ok: false,
      failure: { kind: 'folderUnusable' },
    });
  });
});
