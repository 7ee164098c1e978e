import type { WorkspaceDraft } from '../../../shared/contract/setup.ts';
import { FLOWS, SIDES, fail } from '../../../shared/domain.ts';
import type { Flow, Problem, Result } from '../../../shared/domain.ts';
import { createConnector, isPresetName, presetDescriptor } from '../../connectors/create-connector.ts';
import { secretNames } from '../../connectors/descriptor/descriptor.ts';
import { editWorkspace, initWorkspace } from '../workspace/workspace-file.ts';
import { asEnv } from './test-system.ts';

/** Others refer to them, so they are never switched off here. */
const ALWAYS: readonly Flow[] = ['department-avdeling'];

/**
 * Writes the workspace.yaml of a draft, comments and all. Nothing is written when the draft cannot be opened later for a
 * reason that can be seen now. Problems: `unknownPreset`, `badAddress`, `workspaceExists`, `folderUnusable`.
 */
export async function writeDraft(draft: WorkspaceDraft): Promise<Result<{ path: string }, Problem>> {
  for (const side of SIDES) {
    const { preset, url } = draft.systems[side];
    const needed = isPresetName(preset) ? secretNames(presetDescriptor(preset).signIn) : [];
    // Values play no part in whether the address and the preset fit.
    const secrets = Object.fromEntries(needed.map((name) => [name, 'unknown']));
    const fits = createConnector({ side, use: { preset }, baseUrl: url, secrets });
    if (!fits.ok) return fail(fits.failure);
    await fits.value.close();
  }
  const { customerp, tidsbanken } = draft.systems;
  const written = await initWorkspace(draft.folder, {
    preset: customerp.preset,
    customerpUrl: customerp.url,
    tidsbankenUrl: tidsbanken.url,
  });
  if (!written.ok) return written;
  const off = FLOWS.filter((flow) => !draft.flows.includes(flow) && !ALWAYS.includes(flow));
  return editWorkspace(draft.folder, [
    [['name'], draft.name],
    ...SIDES.flatMap((side) =>
      Object.entries(asEnv(draft.systems[side].secrets)).map(([key, value]): [string[], string] => [
        ['systems', side, 'secrets', key],
        value,
      ]),
    ),
    ...off.map((flow): [string[], boolean] => [['flows', flow, 'enabled'], false]),
  ]);
}

export const alreadyOpen: Problem = {
  kind: 'refused',
  what: 'A workspace is open already.',
  notDone: 'Nothing was opened or written.',
  todo: 'Load the window again.',
  facts: { why: 'alreadyOpen' },
};
