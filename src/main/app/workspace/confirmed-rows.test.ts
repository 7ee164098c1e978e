import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { confirmHeld, heldIn, heldName } from './confirmed-rows.ts';
import { openWorkspace } from './workspace.ts';
import { WORKSPACE_FILE } from './workspace-file.ts';

/** J1, 2.2: personal data does not begin to flow because a line stands in a file. */

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidsbro-held-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const HEAD = `name: Test
systems:
  customerp: { preset: customerp-rest, url: http://127.0.0.1:1, secrets: { bearer: demo-a } }
  tidsbanken:
    preset: tidsbanken
    url: http://127.0.0.1:2
    secrets: { tb-key: demo-b, Ocp-Apim-Subscription-Key: demo-c }
`;
const employees = (rows: string): string => `flows:\n  employee-ansatt:\n    properties: { ${rows} }\n`;
const ON = employees('nationalId: { direction: both }');

const write = (flows: string): void => writeFileSync(join(dir, WORKSPACE_FILE), HEAD + flows);

/** Opens the folder for a moment: which rows are held, and which fields of Tidsbanken's employees are asked for. */
async function opened(flows: string): Promise<{ held: string[]; read: readonly string[] }> {
  write(flows);
  const workspace = await openWorkspace({ workspaceDir: dir, env: {}, person: 'kari' }, systemClock);
  if (!workspace.ok) throw new Error(workspace.failure.what);
  workspace.value.store.close();
  const read = workspace.value.flows.get('employee')?.fieldsToRead('tidsbanken') ?? [];
  return { held: (workspace.value.held ?? []).map(heldName), read };
}
const confirm = (...rows: string[]) => confirmHeld(dir, rows, { now: () => 0, person: 'kari' });

describe('J1 a row with personal data that was switched on by hand', () => {
  it('is held: nothing asks for its field until it is confirmed by its name', async () => {
    expect(await opened(ON)).toMatchObject({ held: ['employee-ansatt.nationalId'] });
    expect((await opened(ON)).read).not.toContain('Personnummer');
    expect(await confirm('employee-ansatt.nationalId')).toEqual({ ok: true, value: [] });
    const now = await opened(ON);
    expect(now.held).toEqual([]);
    expect(now.read).toContain('Personnummer');
  });

  it('is asked about again once it was off', async () => {
    await opened(ON);
    await confirm('employee-ansatt.nationalId');
    expect((await opened('')).held).toEqual([]);
    expect((await opened(ON)).held).toEqual(['employee-ansatt.nationalId']);
  });

  it.each([
    ['a sensitive row', 'bankAccount: { direction: toTidsbanken }', 'bankAccount'],
    ['one that is no longer concealed', 'bankAccount: { direction: both, sensitive: false }', 'bankAccount'],
    ['another row over such a field', 'pay: { customerp: notes, tidsbanken: Lonnskonto, type: string }', 'pay'],
    ['a row of such a type', 'code: { customerp: notes, tidsbanken: Element1Id, type: nationalId }', 'code'],
  ])('%s is held', async (_name, row, name) => {
    expect((await opened(employees(row))).held).toEqual([`employee-ansatt.${name}`]);
  });

  it('a yes to what is compared is none to what is shown, and one to a field none to another', async () => {
    await opened(ON);
    await confirm('employee-ansatt.nationalId');
    const shown = employees('nationalId: { direction: both, sensitive: false }');
    expect((await opened(shown)).held).toEqual(['employee-ansatt.nationalId']);
    await confirm('employee-ansatt.nationalId');
    expect((await opened(shown)).held).toEqual([]);
    const elsewhere = employees(
      'nationalId: { direction: both, sensitive: false, tidsbanken: Tittel }, jobTitle: { direction: off }',
    );
    expect((await opened(elsewhere)).held).toEqual(['employee-ansatt.nationalId']);
  });

  it('names no record and finds no partner while it is held', async () => {
    const keyed = `flows:
  employee-ansatt:
    label: [pay, lastName]
    keys: [{ name: number, properties: [number], strength: strong }, { name: pay, properties: [pay], strength: strong }]
    properties: { pay: { customerp: notes, tidsbanken: Lonnskonto, type: string } }
`;
    write(keyed);
    const workspace = await openWorkspace({ workspaceDir: dir, env: {}, person: 'kari' }, systemClock);
    if (!workspace.ok) throw new Error(workspace.failure.what);
    workspace.value.store.close();
    const mapping = workspace.value.flows.get('employee')?.mapping;
    expect(mapping?.label).toEqual(['lastName']);
    expect(mapping?.keys.map(({ name }) => name)).toEqual(['number']);
  });

  it('is refused by a name that does not wait, and then none is confirmed', async () => {
    await opened(ON);
    expect(await confirm('employee-ansatt.nationalId', 'employee-ansatt.bankAccount')).toMatchObject({
      ok: false,
      failure: { kind: 'badInput', what: expect.stringContaining('bankAccount') as unknown },
    });
    expect(await heldIn(dir, () => 0)).toMatchObject({ value: [{ row: 'nationalId', how: 'compared' }] });
  });

  it('is told without a store, and none is made for it', async () => {
    write(ON);
    expect(await heldIn(dir, () => 0)).toMatchObject({ value: [{ flow: 'employee-ansatt', row: 'nationalId' }] });
  });
});
