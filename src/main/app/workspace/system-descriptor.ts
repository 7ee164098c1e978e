import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fail, ok } from '../../../shared/domain.ts';
import type { Pair, Problem, Result, Side } from '../../../shared/domain.ts';
import { isPresetName, PRESETS, presetDescriptor } from '../../connectors/create-connector.ts';
import type { Descriptor } from '../../connectors/descriptor/descriptor.ts';
import { badDescriptor, loadDescriptor } from '../../connectors/descriptor/load.ts';
import type { SystemConfig, WorkspaceConfig } from './workspace-config.ts';

/**
 * How the system of each side works: the preset that workspace.yaml names, or a descriptor of the operator's own, a file
 * of that folder. Problems: `unknownPreset`, `descriptorMissing`, `badDescriptor` with the lines.
 */
export async function descriptorsOf(
  dir: string,
  { systems }: Pick<WorkspaceConfig, 'systems'>,
): Promise<Result<Pair<Descriptor>, Problem>> {
  const customerp = await descriptorOf(dir, 'customerp', systems.customerp);
  if (!customerp.ok) return customerp;
  const tidsbanken = await descriptorOf(dir, 'tidsbanken', systems.tidsbanken);
  return tidsbanken.ok ? ok({ customerp: customerp.value, tidsbanken: tidsbanken.value }) : tidsbanken;
}

type Named = Pick<SystemConfig, 'preset' | 'descriptor'>;

async function descriptorOf(dir: string, side: Side, named: Named): Promise<Result<Descriptor, Problem>> {
  const { preset = '', descriptor: file } = named;
  if (file !== undefined) return readDescriptor(dir, side, file);
  return isPresetName(preset) ? ok(presetDescriptor(preset)) : fail(unknownPreset(preset));
}

async function readDescriptor(dir: string, side: Side, file: string): Promise<Result<Descriptor, Problem>> {
  let text: string;
  try {
    text = await readFile(isAbsolute(file) ? file : join(dir, file), 'utf8');
  } catch (error) {
    return fail(missing(file, error instanceof Error && 'code' in error ? String(error.code) : ''));
  }
  const loaded = loadDescriptor(text, file);
  if (!loaded.ok || loaded.value.side === side) return loaded;
  return fail(badDescriptor(file, [`it describes ${loaded.value.side}, not ${side}`]));
}

const unknownPreset = (preset: string): Problem => ({
  kind: 'unknownPreset',
  what: `There is no preset called “${preset}”; there are ${Object.keys(PRESETS).join(', ')}.`,
  notDone: 'No system was asked, and nothing was written.',
  todo: 'Correct it in workspace.yaml, or name a descriptor of your own there.',
});

const missing = (file: string, code: string): Problem => ({
  kind: 'descriptorMissing',
  what: `The descriptor ${file}, which workspace.yaml names, cannot be read${code === '' ? '' : ` (${code})`}.`,
  notDone: 'No system was asked, and nothing was written.',
  todo: 'Put it there, or correct its name; it is looked for from the folder of workspace.yaml.',
});
