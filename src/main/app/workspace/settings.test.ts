import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CONCEAL_KEY_FILE } from '../../secrets/conceal-key.ts';
import { DEFAULT_SETTINGS } from '../../sync/context.ts';
import { systemClock } from '../clock.ts';
import { confirmHeld } from './confirmed-rows.ts';
import { openWorkspace } from './workspace.ts';
import type { Workspace } from './workspace.ts';
import { WorkspaceConfig } from './workspace-config.ts';
import { initWorkspace, WORKSPACE_FILE } from './workspace-file.ts';

let dir = '';
const opened: Workspace[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidsbro-settings-'));
});
afterEach(() => {
  for (const { store } of opened.splice(0)) store.close();
  rmSync(dir, { recursive: true, force: true });
});

const HEAD = `name: Test
systems:
  customerp:
    preset: customerp-rest
    url: http://127.0.0.1:1
    secrets: { bearer: demo-a }
    limits: { clockSkewMinutes: 1, requestsPerSecond: 10, burst: 2, parallelWrites: 2 }
  tidsbanken:
    preset: tidsbanken
    url: http://127.0.0.1:2
    secrets: { tb-key: demo-b, Ocp-Apim-Subscription-Key: demo-c }
`;

const open = (text: string) => openWith(HEAD + text);

async function openWith(text: string) {
  writeFileSync(join(dir, WORKSPACE_FILE), text);
  const workspace = await openWorkspace({ workspaceDir: dir, env: {}, person: 'kari' }, systemClock);
  if (workspace.ok) opened.push(workspace.value);
  return workspace;
}

async function sound(text: string): Promise<Workspace> {
  const workspace = await open(text);
  if (!workspace.ok) throw new Error(workspace.failure.what);
  return workspace.value;
}

describe('what workspace.yaml says reaches the engine', () => {
  it('how many records are written at the same time, by system (section 7): twice as many as requests', async () => {
    const { settings } = await sound('');
    expect(settings.writesAtOnce).toEqual({ customerp: 4, tidsbanken: 8 });
  });

  it('J3: a limit below what an update needs is refused', async () => {
    const refused = await openWith(HEAD.replace('requestsPerSecond: 10', 'requestsPerSecond: 0.1'));
    expect(refused).toMatchObject({ ok: false });
  });

  it('policies, ids that are never linked, rails and clocks (R12, D1, C4, S1, S2, S3, S6, D4)', async () => {
    const { settings } = await sound(`flows:
  customer-kunde:
    onConflict: newest
    againstDirection: restore
    neverLink: { customerp: ['C1'], tidsbanken: ['99999'] }
rails:
  create: { count: 50 }
  bothEdited: { share: 0.5 }
  oneGroup: { count: 4, share: 0.1 }
  everyLinkFrom: 9
  shrunkenSource: { count: 3 }
  linkedRecords: { missing: 0 }
  timeShift: { count: 7 }
`);
    expect(settings.policies.customer).toEqual({
      conflict: 'newest',
      against: 'restore',
      neverLink: { customerp: ['C1'], tidsbanken: ['99999'] },
    });
    expect(settings.policies.project).toMatchObject({ conflict: 'ask', against: 'report' });
    expect(settings.rails).toEqual({
      mass: {
        ...DEFAULT_SETTINGS.rails.mass,
        create: { count: 50, share: 0.1 },
        bothEdited: { count: 10, share: 0.5 },
      },
      group: { count: 4, share: 0.1 },
      everyLinkFrom: 9,
      shrunken: { count: 3, share: 0.2 },
      linkedSeen: { share: 0.9, missing: 0 },
      timeShift: { count: 7, share: 0.8 },
    });
    expect(settings.skewMs).toEqual({ customerp: 60_000, tidsbanken: 7_200_000 });
  });

  it('without a word the defaults', async () => {
    const { settings } = await sound('');
    expect(settings.rails).toEqual(DEFAULT_SETTINGS.rails);
    expect(settings.policies.employee).toMatchObject({ conflict: 'ask', against: 'report' });
  });

  it('V1, V2 another policy is another version; a creation rule and a direction are not its business', async () => {
    const plain = await sound('flows: { customer-kunde: {} }\n');
    for (const same of ['flows: { customer-kunde: { create: { inCustomerp: every } } }\n', 'flows: {}\n'])
      expect((await sound(same)).versions.policy).toBe(plain.versions.policy);
    for (const other of [
      'flows: { customer-kunde: { onConflict: customerp } }\n',
      'flows: { customer-kunde: { againstDirection: restore } }\n',
      "flows: { customer-kunde: { neverLink: { customerp: ['1'] } } }\n",
      'rails: { update: { count: 26 } }\n',
      'rails: { confirmGoneMinutes: 5 }\n',
    ])
      expect((await sound(other)).versions.policy).not.toBe(plain.versions.policy);
  });

  it('M3, M4 numbers that are not shared are no key; organisation numbers stay one', async () => {
    const { flows } = await sound('flows: { customer-kunde: { numbersAreShared: false } }\n');
    expect(flows.get('customer')?.mapping.keys.map(({ name }) => name)).toEqual([
      'orgNo',
      'nameAndPostcode',
      'nameAndEmail',
      'nameAndPhone',
    ]);
    expect(flows.get('project')?.mapping.keys.map(({ name }) => name)).toContain('number');
  });

  it('D1 the direction of a property', async () => {
    const { flows } = await sound(`flows:
  customer-kunde:
    properties: { phone: { direction: toTidsbanken }, website: { direction: off } }
`);
    expect(flows.get('customer')?.property('phone')?.direction).toBe('toTidsbanken');
    expect(flows.get('customer')?.property('website')).toBeUndefined();
  });

  it('M3 its own match keys, in place of the default ones', async () => {
    const { flows } = await sound(`flows:
  customer-kunde:
    keys:
      - { name: number, properties: [number], strength: strong, placeholders: ["0"] }
      - { name: byName, properties: [name], strength: suggestion }
`);
    expect(flows.get('customer')?.mapping.keys).toEqual([
      { name: 'number', properties: ['number'], strength: 'strong', placeholders: ['0'] },
      { name: 'byName', properties: ['name'], strength: 'weak', placeholders: [] },
    ]);
  });

  it('rows of its own, and a filter; what is left out keeps the default', async () => {
    const { flows } = await sound(`flows:
  customer-kunde:
    create: { inTidsbanken: { ifReferredTo: [project] } }
    filter: { customerp: [{ property: city, isNot: [Bergen] }] }
    properties:
      city: { maxLength: { tidsbanken: 20 } }
      contact: { customerp: externalReference, tidsbanken: Kontaktperson, type: string, clearable: false }
`);
    const flow = flows.get('customer');
    expect(flow?.mapping.create.tidsbanken).toEqual({
      rule: 'ifReferredTo',
      referredToBy: ['project'],
      automatic: false,
    });
    expect(flow?.property('city')).toMatchObject({ group: 'address', maxLength: { tidsbanken: 20 } });
    expect(flow?.property('contact')).toMatchObject({ direction: 'both', master: 'customerp', clearable: false });
    expect(flow?.fieldsToRead('customerp')).toContain('externalReference');
    expect(flow?.mapping.keys).toHaveLength(5);
  });

  it('J1 a workspace gets its key with the first sensitive property that is switched on', async () => {
    await sound('');
    expect(existsSync(join(dir, CONCEAL_KEY_FILE))).toBe(false);
    const text = 'flows: { employee-ansatt: { properties: { nationalId: { direction: toTidsbanken } } } }\n';
    await sound(text);
    expect(existsSync(join(dir, CONCEAL_KEY_FILE))).toBe(true);
    const by = { now: () => 0, person: 'kari' };
    expect(await confirmHeld(dir, ['employee-ansatt.nationalId'], by)).toEqual({ ok: true, value: [] });
    const { flows } = await sound(text);
    expect(flows.get('employee')?.groups.find(({ name }) => name === 'nationalId')).toMatchObject({
      sensitive: true,
      needsReview: true,
    });
    writeFileSync(join(dir, CONCEAL_KEY_FILE), 'no key');
    expect(
      await open('flows: { employee-ansatt: { properties: { birthDate: { direction: both } } } }\n'),
    ).toMatchObject({
      ok: false,
      failure: { kind: 'concealKeyUnusable' },
    });
  });
});

const flow = (lines: string): string => `flows:\n  customer-kunde:\n${lines}`;

describe('what cannot be is refused with its line', () => {
  it.each([
    ['a property that there is not', flow('    properties:\n      fax: { direction: both }\n'), 'line 15', 'fax'],
    ['a key', flow('    properties:\n      number: { direction: both }\n'), 'line 15', 'number'],
    [
      'a direction that there is not',
      flow('    properties:\n      phone: { direction: left }\n'),
      'line 15',
      'direction',
    ],
    ['a policy that there is not', flow('    onConflict: oldest\n'), 'line 14', 'onConflict'],
    ['a share above 1', 'rails:\n  create: { share: 10 }\n', 'line 13', 'rails.create.share'],
    ['a limit that there is not', 'rails:\n  remove: { count: 1 }\n', 'line 13', 'rails.remove'],
    [
      'half a group',
      flow('    properties:\n      city: { direction: off }\n      street: { direction: toTidsbanken }\n'),
      'line 15',
      'group',
    ],
    [
      'a new row without its type',
      flow('    properties:\n      fax: { customerp: fax, tidsbanken: Faks }\n'),
      'line 15',
      'needs type',
    ],
    [
      'a word of a row that there is not',
      flow('    properties:\n      phone: { dircetion: off }\n'),
      'line 15',
      'dircetion',
    ],
    ['a name that is none', flow('    properties:\n      Fax-no: { type: phone }\n'), 'line 15', 'must be a name'],
    [
      'a row whose field is not declared',
      flow('    enabled: true\n    properties:\n      phone: { tidsbanken: Telefaks }\n'),
      'line 16',
      'Telefaks',
    ],
    [
      'half an expression',
      flow('    properties:\n      phone:\n        convert: { customerp: { read: "value +", write: value } }\n'),
      'line 16',
      'not valid',
    ],
    ['a rule of creation that there is not', flow('    create: { inTidsbanken: some }\n'), 'line 14', 'ifReferredTo'],
    [
      'a rule that nothing can fulfil',
      flow('    create: { inTidsbanken: { ifReferredTo: [employee] } }\n'),
      'line 14',
      'No employee record refers to a customer',
    ],
    [
      'K8 a range of numbers that is turned round',
      flow('    create: { numbers: { inTidsbanken: { from: 9, to: 1 } } }\n'),
      'line 14',
      'from',
    ],
    [
      'K8 a range where the system numbers by itself',
      flow('    create: { numbers: { inCustomerp: { from: 1, to: 9 } } }\n'),
      'line 14',
      'by itself',
    ],
    [
      'a key of no strength',
      flow('    keys:\n      - { name: a, properties: [name], strength: weak }\n'),
      'line 15',
      'strength',
    ],
    [
      'a key of no property',
      flow('    keys:\n      - { name: a, properties: [nam], strength: strong }\n'),
      'line',
      '"nam"',
    ],
    [
      'a condition of two tests',
      flow('    filter:\n      customerp:\n        - { property: city, is: [Oslo], isEmpty: false }\n'),
      'line 16',
      'one of is, isNot',
    ],
    [
      'a filter on no property',
      flow('    filter:\n      customerp:\n        - { property: town, is: [Oslo] }\n'),
      'line 16',
      '"town"',
    ],
    ['what the label needs', flow('    properties:\n      name: { direction: off }\n'), 'line 15', '"name"'],
  ])('%s', async (_name, text, line, what) => {
    const refused = await open(text);
    expect(refused.ok).toBe(false);
    expect(refused.ok ? '' : refused.failure.what).toContain(line);
    expect(refused.ok ? '' : refused.failure.what).toContain(what);
  });
});

it('the settings have a JSON schema', () => {
  const schema = JSON.stringify(z.toJSONSchema(WorkspaceConfig, { io: 'input' }));
  expect(schema).toContain('onConflict');
  expect(schema).toContain('nationalId');
});

it('the file that init writes is one that opens', async () => {
  await initWorkspace(dir, { preset: 'demo' });
  const workspace = await openWorkspace({ workspaceDir: dir, env: {}, person: 'kari' }, systemClock);
  if (workspace.ok) opened.push(workspace.value);
  expect(workspace.ok).toBe(true);
});
