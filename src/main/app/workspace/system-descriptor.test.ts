import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { PRESETS, presetDescriptor } from '../../connectors/create-connector.ts';
import { loadDescriptor } from '../../connectors/descriptor/load.ts';
import { AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';
import { descriptorsOf } from './system-descriptor.ts';
import { parseWorkspace } from './workspace-file.ts';

/** 2.4: an operator's own system is told by a file beside workspace.yaml, and no code. */

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tidsbro-descriptor-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const yaml = (system: string): string => `name: Here
systems:
  customerp:
    ${system}
    url: http://127.0.0.1:1
    secrets: { bearer: demo-a }
  tidsbanken: { preset: tidsbanken, url: 'http://127.0.0.1:2', secrets: {} }
`;

async function described(system: string, file?: string): Promise<unknown> {
  if (file !== undefined) await writeFile(join(dir, 'erp.yaml'), file);
  const config = parseWorkspace(dir, yaml(system));
  if (!config.ok) return config.failure.what;
  const found = await descriptorsOf(dir, config.value);
  return found.ok ? found.value.customerp : found.failure;
}

it('a descriptor says what the preset of that name would', async () => {
  expect(await described('descriptor: erp.yaml', stringify(PRESETS['customerp-rest']))).toEqual(
    presetDescriptor('customerp-rest'),
  );
});

it('the sample descriptor in docs/ is the preset', async () => {
  const sample = await readFile(resolve('docs/samples/customerp-rest.yaml'), 'utf8');
  expect(loadDescriptor(sample, 'the sample')).toEqual({ ok: true, value: presetDescriptor('customerp-rest') });
});

describe('what cannot be used is told with what to do', () => {
  it.each([
    { system: 'preset: sap', is: { kind: 'unknownPreset', what: expect.stringContaining('customerp-rest') as string } },
    {
      system: 'descriptor: nowhere.yaml',
      is: { kind: 'descriptorMissing', what: expect.stringContaining('ENOENT') as string },
    },
    {
      system: 'descriptor: erp.yaml',
      file: 'side: customerp\nname: erp\nkinds:\n  customer: { lisst: {} }\n',
      is: {
        kind: 'badDescriptor',
        what: expect.stringContaining('line 4: kinds.customer.lisst: unknown key') as string,
      },
    },
    {
      system: 'descriptor: erp.yaml',
      file: stringify(PRESETS.tidsbanken),
      is: { kind: 'badDescriptor', what: expect.stringContaining('it describes tidsbanken, not customerp') as string },
    },
  ])('$system', async ({ system, file, is }) => expect(await described(system, file)).toMatchObject(is));

  it.each(['preset: customerp-rest\n    descriptor: erp.yaml', ''])('neither both nor none: “%s”', async (system) =>
    expect(await described(system)).toContain('systems.customerp: needs either a preset or a descriptor, not both'),
  );
});

it('a workspace with a descriptor of its own syncs as one with a preset', async () => {
  const world = await AppOnSandbox.start({ customers: 3, employees: 1, projects: 1, overlap: 1, differ: 0, dirt: 0 });
  try {
    await world.app.close();
    await mkdir(join(world.dir, 'descriptors'));
    await writeFile(join(world.dir, 'descriptors', 'erp.yaml'), stringify(PRESETS['customerp-rest']));
    const file = join(world.dir, 'workspace.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('preset: customerp-rest', 'descriptor: descriptors/erp.yaml'));
    await world.reopen();
    expect(await world.sync('safe')).toMatchObject({ state: 'done', problems: [] });
  } finally {
    await world.stop();
  }
}, 60_000);
