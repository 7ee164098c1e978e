import { _electron, test as base } from '@playwright/test';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { openDemo, start } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Demo } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Side } from '../src/shared/domain.ts';
import { linkOf } from './serve.ts';

const Electron = z.object({ electron: z.string() });
export const DoorRecord = z.record(z.string(), z.unknown());
export type DoorRecord = z.output<typeof DoorRecord>;

/** What a person at one of the two systems could do: look at a record, and edit it there. */
export interface Systems {
  records(side: Side, kind: string): Promise<DoorRecord[]>;
  record(side: Side, kind: string, id: string): Promise<DoorRecord>;
  edit(side: Side, kind: string, id: string, patch: DoorRecord): Promise<void>;
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
    const host = start(['serve', '--json', '--workspace', demo.dir]);
    const link = await linkOf(host);
    await page.goto(link);
    await provide(page);
    await page.close();
    host.child.kill();
    await host.ended;
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

function systemsOf({ urls }: Demo): Systems {
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
  };
}
