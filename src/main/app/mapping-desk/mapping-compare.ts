import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, kindOf, ok } from '../../../shared/domain.ts';
import type { Flow, Problem, Result } from '../../../shared/domain.ts';
import { defaultMapping } from '../../mapping/default-mapping.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { mappingProblems } from '../../mapping/mapping-problems.ts';
import { openStore } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import { checkMapping } from './mapping-check.ts';
import type { MappingCheck } from './mapping-check.ts';
import { descriptorsOf } from '../workspace/system-descriptor.ts';
import { factsOfDescriptors, readersOf } from './mapping-lint.ts';
import { mappingOf } from '../workspace/mapping-of.ts';
import { parseWorkspace, STORE_FILE, WORKSPACE_FILE } from '../workspace/workspace-file.ts';

/** A mapping as a file says, and the one by which the workspace last read its records; null: it never read any. */
export interface Compared {
  readonly before: FlowMapping | null;
  readonly after: FlowMapping;
}

export interface CompareOptions {
  readonly dir: string;
  /** A workspace.yaml; left out: that of the folder. */
  readonly file: string | undefined;
  readonly flow: Flow | undefined;
}

/** The flows of a workspace.yaml; problems name the line. */
export async function mappingsOfFile({ dir, file, flow }: CompareOptions): Promise<Result<FlowMapping[], Problem>> {
  const path = file ?? join(dir, WORKSPACE_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const todo = 'Check the path, and that you may read there.';
    return fail({
      kind: 'fileUnusable',
      what: `${path} cannot be read: ${why}.`,
      notDone: 'Nothing was looked at.',
      todo,
    });
  }
  const config = parseWorkspace(dirname(path), text);
  if (!config.ok) return config;
  const systems = await descriptorsOf(dirname(path), config.value);
  if (!systems.ok) return systems;
  const factsOf = factsOfDescriptors(systems.value);
  const mappings = defaultMapping()
    .filter(({ kind }) => flow === undefined || kindOf(flow) === kind)
    .map((usual) => mappingOf(usual, config.value));
  const [fault] = mappings.flatMap((mapping) => mappingProblems(mapping, factsOf(mapping.kind).fields, true));
  return fault === undefined ? ok(mappings) : fail(fault);
}

/** The mappings of a file beside those by which the store's records were read. */
export const compareMappings = (options: CompareOptions): Promise<Result<Compared[], Problem>> =>
  withStore(options, async (mappings, store) =>
    Promise.all(
      mappings.map(async (after) => ({ before: store === null ? null : await lastRead(store, after), after })),
    ),
  );

/** What the mappings of a file would come to. A flow that was never read has nothing to count. */
export const checkMappings = (options: CompareOptions): Promise<Result<MappingCheck[], Problem>> =>
  withStore(options, async (mappings, store) => {
    const checks: MappingCheck[] = [];
    for (const after of store === null ? [] : mappings) {
      const before = store === null ? null : await lastRead(store, after);
      if (store !== null && before !== null) checks.push(await checkMapping(store, before, after));
    }
    return checks;
  });

async function withStore<T>(
  options: CompareOptions,
  work: (mappings: readonly FlowMapping[], store: Store | null) => Promise<T>,
): Promise<Result<T, Problem>> {
  const mappings = await mappingsOfFile(options);
  if (!mappings.ok) return mappings;
  const path = join(options.dir, STORE_FILE);
  const opened = existsSync(path) ? openStore(path, Date.now) : ok(null);
  if (!opened.ok) return opened;
  try {
    return ok(await work(mappings.value, opened.value));
  } finally {
    opened.value?.close();
  }
}

async function lastRead(store: Store, { kind }: FlowMapping): Promise<FlowMapping | null> {
  const { customerp, tidsbanken } = await readersOf(store, kind);
  return customerp ?? tidsbanken;
}
