import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SIDES, flowOf, kindOf, ok } from '../../../shared/domain.ts';
import type { Flow, Kind, Pair, Problem, Result, Side } from '../../../shared/domain.ts';
import type { Descriptor } from '../../connectors/descriptor/descriptor.ts';
import { defaultMapping } from '../../mapping/default-mapping.ts';
import type { FlowLintReport } from '../../mapping/lint/finding.ts';
import { FlowLint } from '../../mapping/lint/flow-lint.ts';
import type { LintFacts } from '../../mapping/lint/mapping-findings.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { openStore } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import { keptMapping } from '../../sync/plan/kept-mapping.ts';
import { giveWay, PAGE } from '../../sync/plan/part.ts';
import { keptSchemas } from './system-schemas.ts';
import type { SchemasOf } from './system-schemas.ts';
import { mappingOf } from '../workspace/mapping-of.ts';
import { descriptorsOf } from '../workspace/system-descriptor.ts';
import type { WorkspaceConfig } from '../workspace/workspace-config.ts';
import { readWorkspace, STORE_FILE } from '../workspace/workspace-file.ts';

/** What a mapping is held against: what both systems declare of a kind, and the records that were read, if any were. */
export interface LintSource {
  readonly factsOf: (kind: Kind) => LintFacts;
  readonly store: Pick<Store, 'recordsAfter' | 'meta' | 'collections'> | null;
  /** What both systems last said of their fields. */
  readonly schemasOf: SchemasOf;
}

/** `unread`: sides whose records say nothing, since the mapping they were read by is not known any more. */
export interface LintReport extends FlowLintReport {
  readonly flow: Flow;
  readonly unread: readonly Side[];
}

/**
 * Looks at mappings, and sends every value of the records that were collected to the other side and back, page by page.
 * Asks neither system and writes nothing. The mappings need not be those that the workspace runs, nor be usable at all.
 */
export async function lintMappings(
  source: LintSource,
  mappings: readonly FlowMapping[],
  signal?: AbortSignal,
): Promise<LintReport[]> {
  const reports: LintReport[] = [];
  for (const mapping of mappings) reports.push(await lintMapping(source, mapping, signal));
  return reports;
}

/** The lint of one mapping. */
export async function lintMapping(
  { factsOf, store, schemasOf }: LintSource,
  mapping: FlowMapping,
  signal?: AbortSignal,
): Promise<LintReport> {
  const { kind } = mapping;
  const readBy = store === null ? { customerp: null, tidsbanken: null } : await readersOf(store, kind);
  const lint = new FlowLint(mapping, readBy, { ...factsOf(kind), schemas: schemasOf(kind) });
  for (const side of SIDES) {
    if (store === null || readBy[side] === null) continue;
    for await (const page of recordPages(store, kind, side)) {
      for (const record of page) lint.add(side, record);
      signal?.throwIfAborted();
    }
  }
  return { flow: flowOf(kind), unread: SIDES.filter((side) => readBy[side] === null), ...lint.report() };
}

async function* recordPages(store: Pick<Store, 'recordsAfter'>, kind: Kind, side: Side) {
  for (let after = ''; ;) {
    await giveWay();
    const page = await store.recordsAfter(kind, side, after, PAGE);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.nativeId ?? '';
  }
}

/** The mapping by which each side was last read whole; null where it was not, or nobody kept it. */
export async function readersOf(
  store: Pick<Store, 'meta' | 'collections'>,
  kind: Kind,
): Promise<Pair<FlowMapping | null>> {
  const readerOf = async (side: Side): Promise<FlowMapping | null> => {
    const mark = await store.collections.watermark(side, kind);
    return mark === null ? null : keptMapping(store, mark.mapping);
  };
  return { customerp: await readerOf('customerp'), tidsbanken: await readerOf('tidsbanken') };
}

/** What two descriptors declare of each kind, as the lint takes it. A key to conceal with is made once one is needed. */
export const factsOfDescriptors =
  (systems: Pair<Descriptor>) =>
  (kind: Kind): LintFacts => {
    const [customerp, tidsbanken] = [systems.customerp.kinds[kind], systems.tidsbanken.kinds[kind]];
    return {
      fields: { customerp: customerp?.fields ?? {}, tidsbanken: tidsbanken?.fields ?? {} },
      canConceal: true,
      chosenId: {
        customerp: customerp?.capabilities.clientChosenId ?? null,
        tidsbanken: tidsbanken?.capabilities.clientChosenId ?? null,
      },
    };
  };

/** The mappings of a workspace as its file says, whether they can be used or not; those of flows that are off are left out. */
export const mappingsIn = (config: WorkspaceConfig): FlowMapping[] =>
  defaultMapping()
    .map((usual) => mappingOf(usual, config))
    .filter(({ enabled }) => enabled);

/**
 * The lint of workspace.yaml as it stands in the folder. The workspace need not open: a mapping that cannot be used is
 * what the lint is for. Problems: those of the file and of the store.
 */
export async function lintWorkspace(
  dir: string,
  flow: Flow | undefined,
  now: () => number,
): Promise<Result<LintReport[], Problem>> {
  const config = await readWorkspace(dir);
  if (!config.ok) return config;
  const systems = await descriptorsOf(dir, config.value);
  if (!systems.ok) return systems;
  const mappings = mappingsIn(config.value).filter(({ kind }) => flow === undefined || kindOf(flow) === kind);
  const path = join(dir, STORE_FILE);
  const opened = existsSync(path) ? openStore(path, now) : ok(null);
  if (!opened.ok) return opened;
  try {
    const store = opened.value;
    const schemasOf = store === null ? () => ({ customerp: null, tidsbanken: null }) : await keptSchemas(store);
    return ok(await lintMappings({ factsOf: factsOfDescriptors(systems.value), store, schemasOf }, mappings));
  } finally {
    opened.value?.close();
  }
}
