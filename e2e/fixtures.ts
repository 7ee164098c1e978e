import { _electron, test as base } from '@playwright/test';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { openDemo } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import type { FaultRuleInput } from '../src/sandbox/faults.ts';
import { SIDES } from '../src/shared/domain.ts';
import type { Side } from '../src/shared/domain.ts';
import { onHost } from './serve.ts';

const Electron = z.object({ electron: z.string() });
export const DoorRecord = z.record(z.string(), z.unknown());
export type DoorRecord = z.output<typeof DoorRecord>;

/** What a person at one of the two systems could do: look at a record, and edit it there. */
export interface Systems {
  records(side: Side, kind: string): Promise<DoorRecord[]>;
  record(side: Side, kind: string, id: string): Promise<DoorRecord>;
  edit(side: Side, kind: string, id: string, patch: DoorRecord): Promise<void>;
  add(side: Side, kind: string, record: DoorRecord): Promise<void>;
  /** Somebody deletes a record in the system itself. */
  remove(side: Side, kind: string, id: string): Promise<void>;
  /** What goes wrong with the requests to a system from now on; none: nothing does (src/sandbox/README.md). */
  faults(side: Side, rules: readonly FaultRuleInput[]): Promise<void>;
  /** How many requests the faults have met since they were set. */
  struck(side: Side): Promise<number>;
  /** Every connection to either system is cut, or works again. Does not concern this object. */
  cut(isCut: boolean): Promise<void>;
  /** The ids that requests of the product have created or changed there, one for each write that was carried out. */
  written(side: Side, kind: string): Promise<string[]>;
}

interface Fixtures {
  /** Options of the sandbox; a test may set its own with `test.use`. */
  readonly sandboxArgs: string[];
  readonly demo: Demo;
  readonly systems: Systems;
  /** The app's window, open on a workspace of this test's own. */
  readonly window: Page;
}

export const test = base.extend<Fixtures>({
  sandboxArgs: [
    [
      '--customers',
      '12',
      '--employees',
      '6',
      '--projects',
      '8',
      '--overlap',
      '0.7',
      '--differ',
      '0.2',
      '--dirt',
      '0.1',
    ],
    { option: true },
  ],
  demo: async ({ sandboxArgs }, provide) => {
    const demo = await openDemo(...sandboxArgs);
    await provide(demo);
    await demo.close();
  },
  systems: async ({ demo }, provide) => provide(systemsOf(demo)),
  window: async ({ demo, page }, provide, { project }) => {
    if (project.name === 'electron') return provideElectron(demo, Electron.parse(project.metadata).electron, provide);
    await onHost(page, ['--workspace', demo.dir], async () => {
      await provide(page);
      await page.close();
    });
  },
});
export { expect } from '@playwright/test';

async function provideElectron(
  demo: Demo,
  executablePath: string,
  provide: (page: Page) => Promise<void>,
): Promise<void> {
  const args = ['.', '--workspace', demo.dir, `--user-data-dir=${demo.dir}/electron`];
  const app = await _electron.launch({ executablePath, args });
  await provide(await app.firstWindow());
  await app.close();
}

const Struck = z.array(z.looseObject({ hits: z.number() }));
const HistoryEntry = z.looseObject({
  origin: z.string(),
  kind: z.string(),
  id: z.string(),
  status: z.number(),
});

function systemsOf({ urls }: Demo): Systems {
  const setFaults = async (side: Side, rules: readonly FaultRuleInput[]): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${urls[side]}/_sandbox/faults`, { method: 'PUT', headers, body: JSON.stringify(rules) });
    if (!reply.ok) throw new Error(`${side} faults: ${String(reply.status)} ${await reply.text()}`);
  };
  const ask = async <T extends z.ZodType>(
    schema: T,
    side: Side,
    path: string,
    init?: RequestInit,
  ): Promise<z.output<T>> => {
    const reply = await fetch(`${urls[side]}/_sandbox/records/${path}`, init);
    if (!reply.ok) throw new Error(`${side} ${path}: ${String(reply.status)} ${await reply.text()}`);
    return schema.parse(await reply.json());
  };
  return {
    records: (side, kind) => ask(z.array(DoorRecord), side, kind),
    record: (side, kind, id) => ask(DoorRecord, side, `${kind}/${id}`),
    edit: async (side, kind, id, patch) => {
      const headers = { 'content-type': 'application/json' };
      await ask(DoorRecord, side, `${kind}/${id}`, { method: 'PATCH', headers, body: JSON.stringify(patch) });
    },
    add: async (side, kind, record) => {
      const headers = { 'content-type': 'application/json' };
      await ask(DoorRecord, side, kind, { method: 'POST', headers, body: JSON.stringify(record) });
    },
    remove: async (side, kind, id) => {
      const reply = await fetch(`${urls[side]}/_sandbox/records/${kind}/${id}`, { method: 'DELETE' });
      if (!reply.ok) throw new Error(`${side} ${kind}/${id}: ${String(reply.status)} ${await reply.text()}`);
    },
    faults: setFaults,
    struck: async (side) => {
      const reply = await fetch(`${urls[side]}/_sandbox/faults`);
      return Struck.parse(await reply.json()).reduce((sum, { hits }) => sum + hits, 0);
    },
    cut: async (isCut) => {
      for (const side of SIDES) await setFaults(side, isCut ? [{ name: 'cut', fault: { kind: 'reset' } }] : []);
    },
    written: async (side, kind) => {
      const reply = await fetch(`${urls[side]}/_sandbox/history?since=0`);
      return z
        .array(HistoryEntry)
        .parse(await reply.json())
        .flatMap((entry) => {
          const isOurs = entry.origin === 'api' && entry.kind === kind && entry.status >= 200 && entry.status < 300;
          return isOurs ? [entry.id] : [];
        });
    },
  };
}
