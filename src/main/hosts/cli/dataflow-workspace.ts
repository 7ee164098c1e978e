import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kind } from '../../../shared/domain.ts';
import { descriptorsOf } from '../../app/workspace/system-descriptor.ts';
import type { WorkspaceConfig } from '../../app/workspace/workspace-config.ts';
import { readWorkspace, WORKSPACE_FILE } from '../../app/workspace/workspace-file.ts';
import { railLines } from '../../dataflow/rail-lines.ts';
import type { ImportContext } from '../../dataflow/to-mapping.ts';
import { defaultMapping } from '../../mapping/default-mapping.ts';
import { DEFAULT_SETTINGS } from '../../sync/context.ts';
import { unwrap } from '../problem-error.ts';

/** What a dataflow document is written from and read against. Nothing is opened but workspace.yaml. */
export interface DataflowWorkspace {
  readonly config: WorkspaceConfig;
  /** workspace.yaml as it stands, comments and all. */
  readonly text: string;
  readonly context: ImportContext;
}

/** Reads workspace.yaml and the descriptors it names. Throws the problem where it cannot be used. */
export async function dataflowWorkspace(dir: string): Promise<DataflowWorkspace> {
  const config = unwrap(await readWorkspace(dir));
  const text = await readFile(join(dir, WORKSPACE_FILE), 'utf8');
  const systems = unwrap(await descriptorsOf(dir, config));
  const fields = (kind: Kind) => ({
    customerp: systems.customerp.kinds[kind]?.fields ?? {},
    tidsbanken: systems.tidsbanken.kinds[kind]?.fields ?? {},
  });
  const { rails, autoWritesPerRun } = DEFAULT_SETTINGS;
  const lines = railLines(rails, config.rails.autoWritesPerRun ?? autoWritesPerRun);
  return { config, text, context: { fields, defaults: defaultMapping(), rails: lines } };
}
