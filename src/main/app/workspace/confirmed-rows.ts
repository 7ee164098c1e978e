import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fail, flowOf, ok } from '../../../shared/domain.ts';
import type { Flow, Problem, Result } from '../../../shared/domain.ts';
import { defaultMapping } from '../../mapping/default-mapping.ts';
import type { FlowMapping } from '../../mapping/mapping.ts';
import { confirmationOf, heldRows, personalRows, withholding } from '../../mapping/sensitive-rows.ts';
import type { SensitiveRow } from '../../mapping/sensitive-rows.ts';
import { openStore } from '../../store/store.ts';
import type { Store } from '../../store/store.ts';
import { keptMapping } from '../../sync/plan/kept-mapping.ts';
import { mappingOf } from './mapping-of.ts';
import type { WorkspaceConfig } from './workspace-config.ts';
import { readWorkspace, STORE_FILE } from './workspace-file.ts';

/** A row of workspace.yaml by which personal data would flow, that nobody has said yes to; nothing of it is synced. */
export type HeldRow = SensitiveRow & { readonly flow: Flow };

const KEY = 'sensitiveConfirmed';
type Keeper = Pick<Store, 'meta' | 'collections'>;

/**
 * What was said yes to, in this workspace. A row that is in use no more has to be confirmed again, so its yes is
 * forgotten here. A store of an earlier version does not say: what the sync has read so far goes on.
 */
export async function confirmedRows(store: Keeper, config: WorkspaceConfig): Promise<ReadonlySet<string>> {
  const kept = await keptNames(store);
  const before = kept ?? (await readSoFar(store));
  const inUse = new Set(besideUsual(config).flatMap(({ mapping, usual }) => namesOf(mapping, usual)));
  const now = before.filter((name) => inUse.has(name));
  if (kept === null || now.length < before.length) await keepNames(store, now);
  return new Set(now);
}

/** The same once a mapping is saved: a person has said yes to each row of it that needs one, now or earlier. Pure. */
export const confirmedWith = (
  confirmed: ReadonlySet<string>,
  mapping: FlowMapping,
  usual: FlowMapping,
): ReadonlySet<string> =>
  new Set([...[...confirmed].filter((name) => !name.startsWith(`${mapping.kind}.`)), ...namesOf(mapping, usual)]);

export const keepConfirmed = (store: Keeper, confirmed: ReadonlySet<string>): Promise<void> =>
  keepNames(store, [...confirmed]);

const Names = z.array(z.string());
async function keptNames({ meta }: Keeper): Promise<string[] | null> {
  const kept = await meta.get(KEY);
  return kept === null ? null : Names.parse(JSON.parse(kept));
}
const keepNames = ({ meta }: Keeper, names: readonly string[]): Promise<void> => meta.set(KEY, JSON.stringify(names));

const namesOf = (mapping: FlowMapping, usual: FlowMapping): string[] =>
  personalRows(mapping, usual).map((row) => confirmationOf(mapping, row));

async function readSoFar(store: Keeper): Promise<string[]> {
  const names: string[] = [];
  for (const usual of defaultMapping()) {
    const { kind } = usual;
    const mark =
      (await store.collections.watermark('customerp', kind)) ?? (await store.collections.watermark('tidsbanken', kind));
    const mapping = mark === null ? null : await keptMapping(store, mark.mapping);
    if (mapping !== null) names.push(...namesOf(mapping, usual));
  }
  return names;
}

/** The mappings of a file by which the sync may run, and the rows that wait for a person's yes. Pure. */
export function withoutHeld(
  config: WorkspaceConfig,
  confirmed: ReadonlySet<string>,
): { mappings: FlowMapping[]; held: HeldRow[] } {
  const flows = besideUsual(config).map(({ mapping, usual }) => {
    const held = heldRows(mapping, usual, confirmed);
    return {
      mapping: withholding(mapping, held, usual),
      held: held.map((row) => ({ ...row, flow: flowOf(usual.kind) })),
    };
  });
  return { mappings: flows.map(({ mapping }) => mapping), held: flows.flatMap(({ held }) => held) };
}

/** The mappings of a file with every row, held or not. Pure. */
export const mappingsOf = (config: WorkspaceConfig): FlowMapping[] =>
  defaultMapping().map((usual) => mappingOf(usual, config));

const besideUsual = (config: WorkspaceConfig) =>
  defaultMapping().map((usual) => ({ usual, mapping: mappingOf(usual, config) }));

/** How a held row is named in a command: `employee-ansatt.nationalId`. */
export const heldName = ({ flow, row }: HeldRow): string => `${flow}.${row}`;

/** What every run, `doctor` and the window tell until somebody has said yes or switched the rows off; null: none is held. */
export function heldProblem(held: readonly HeldRow[]): Problem | null {
  const [first] = held;
  if (first === undefined) return null;
  const names = held.map(heldName);
  return {
    kind: 'sensitiveHeld',
    what: `Personal data would flow by rows of workspace.yaml that nobody confirmed: ${names.join(', ')}.`,
    notDone: 'Nothing of these rows was read, compared or written. All else goes on.',
    todo: `Confirm them on the screen Mapping, or by \`tidsbro mapping confirm ${names.join(' ')}\`, or switch them off.`,
    facts: { rows: names.join(', ') },
  };
}

/** The rows that are held in a folder. It need not open, and no store is made. Problems: of the file and the store. */
export async function heldIn(dir: string, now: () => number): Promise<Result<HeldRow[], Problem>> {
  const config = await readWorkspace(dir);
  if (!config.ok) return config;
  if (!existsSync(join(dir, STORE_FILE))) return ok(withoutHeld(config.value, new Set()).held);
  return withStore(dir, now, async (store) =>
    ok(withoutHeld(config.value, await confirmedRows(store, config.value)).held),
  );
}

/**
 * Says yes to held rows by their names: all of them, or none where one is not held. It holds from the next time that the
 * workspace is opened. The value: the rows that are held still.
 */
export async function confirmHeld(
  dir: string,
  names: readonly string[],
  { now, person }: { readonly now: () => number; readonly person: string },
): Promise<Result<HeldRow[], Problem>> {
  const config = await readWorkspace(dir);
  if (!config.ok) return config;
  return withStore(dir, now, async (store) => {
    const confirmed = await confirmedRows(store, config.value);
    const { held } = withoutHeld(config.value, confirmed);
    const unknown = names.filter((name) => !held.some((row) => heldName(row) === name));
    if (unknown.length > 0) return fail(notHeld(unknown, held));
    const rows = held.filter((row) => names.includes(heldName(row)));
    const added = mappingsOf(config.value).flatMap((mapping) =>
      rows.filter(({ flow }) => flow === flowOf(mapping.kind)).map((row) => confirmationOf(mapping, row)),
    );
    await keepNames(store, [...confirmed, ...added]);
    await store.tell([{ event: 'sensitiveConfirmed', item: 'workspace', detail: { by: person, rows: [...names] } }]);
    return ok(held.filter((row) => !rows.includes(row)));
  });
}

async function withStore<T>(
  dir: string,
  now: () => number,
  work: (store: Store) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  const opened = openStore(join(dir, STORE_FILE), now);
  if (!opened.ok) return opened;
  try {
    return await work(opened.value);
  } finally {
    opened.value.close();
  }
}

const notHeld = (names: readonly string[], held: readonly HeldRow[]): Problem => ({
  kind: 'badInput',
  what: `No row called ${names.join(', ')} waits to be confirmed.`,
  notDone: 'Nothing was confirmed.',
  todo: held.length === 0 ? 'None waits.' : `Those that wait: ${held.map(heldName).join(', ')}.`,
});
