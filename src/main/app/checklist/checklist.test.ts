import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { SandboxOptions } from '../../../sandbox/index.ts';
import type { Flow } from '../../../shared/domain.ts';
import type { Json } from '../../../shared/json.ts';
import type { Connector, UpdateRequest } from '../../connectors/connector.ts';
import { countsOf } from '../../dataflow/verify/report.ts';
import type { ReportLine, SignedReport } from '../../dataflow/verify/report.ts';
import type { AppService } from '../app-service.ts';
import type { ChecklistOptions, EndedChecklist } from './checklists.ts';
import { systemClock } from '../clock.ts';
import { createService } from '../service.ts';
import { ALIKE, AppOnSandbox } from '../testing/app-on-sandbox.suite.ts';
import type { Between, Row } from '../testing/app-on-sandbox.suite.ts';
import { openWorkspace } from '../workspace/workspace.ts';
import { checkReport } from './report-files.ts';

/** 7.6 on the real app, the real store and the sandbox over HTTP. */

const SLOW = 120_000;

let world: AppOnSandbox;
afterEach(() => world.stop());

async function ready(options: SandboxOptions = ALIKE, between: Between = {}): Promise<void> {
  world = await AppOnSandbox.start(options, between);
  await world.sync('all');
}

async function inStep(flow: Flow): Promise<string> {
  const { rows } = await world.app.records({ flow, side: 'customerp', linked: true }, { offset: 0, limit: 500 });
  const found = rows.find(({ bucket }) => bucket === 'inStep');
  if (found === undefined) throw new Error(`Nothing of ${flow} is in step.`);
  return found.nativeId;
}

async function begin(options: Partial<ChecklistOptions>): Promise<Promise<EndedChecklist>> {
  const started = await world.app.checklists.start({ records: [], creates: [], language: 'en', ...options });
  if (!started.ok) throw new Error(started.failure.what);
  return started.value.ended;
}
const verify = async (...flows: Flow[]): Promise<EndedChecklist> =>
  begin({ records: await Promise.all(flows.map(async (flow) => ({ flow, nativeId: await inStep(flow) }))) });

const signedOf = ({ signed, run }: EndedChecklist): SignedReport => {
  if (signed === null) throw new Error(JSON.stringify(run.problems));
  return signed;
};
const linesOf = (ended: EndedChecklist): ReportLine[] => signedOf(ended).report.flows.flatMap(({ lines }) => lines);
const red = (ended: EndedChecklist): string[] =>
  linesOf(ended)
    .filter(({ verdict }) => verdict === 'failed')
    .map(({ property, to, why }) => `${property} → ${to}: ${why ?? ''}`);

const idsOf = (written: readonly { id: unknown }[]): Set<string> => new Set(written.map(({ id }) => String(id)));

const KEPT_BY_SYSTEM = new Set('SistEndretDato SistEndretAvId updatedAt version'.split(' '));
const KINDS = {
  customerp: ['customers', 'employees', 'projects'],
  tidsbanken: ['Kunde', 'Ansatt', 'Prosjekt'],
} as const;

/** Everything that both systems hold, but for what they keep themselves. */
async function bothSystems(): Promise<unknown> {
  const all: Row[][] = [];
  for (const side of ['customerp', 'tidsbanken'] as const)
    for (const kind of KINDS[side]) all.push(await world.records(side, kind));
  return all.map((rows) =>
    rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !KEPT_BY_SYSTEM.has(name)))),
  );
}

/** Rows of one flow as an editor would write them into workspace.yaml, and the app opened anew. */
async function remap(flow: Flow, properties: object): Promise<void> {
  await world.app.close();
  const file = join(world.dir, 'workspace.yaml');
  const settings = parse(await readFile(file, 'utf8')) as { flows?: object };
  await writeFile(file, stringify({ ...settings, flows: { ...settings.flows, [flow]: { properties } } }));
  await world.reopen();
}

/** Pages that a host was told of, so that it can print them. */
const pages: string[] = [];
const pageWritten = (path: string): void => void pages.push(path);

/** The app with something between it and one of its systems. */
function opened(change: (connector: Connector) => Partial<Connector>): (dir: string) => Promise<AppService> {
  return async (dir) => {
    const w = await openWorkspace({ workspaceDir: dir, env: {}, person: 'kari', pageWritten }, systemClock);
    if (!w.ok) throw new Error(w.failure.what);
    const { customerp, tidsbanken } = w.value.connectors;
    const instead = change(tidsbanken);
    const changed = new Proxy(tidsbanken, {
      get: (inner, name) => {
        if (Object.hasOwn(instead, name)) return Reflect.get(instead, name) as unknown;
        const value = Reflect.get(inner, name) as unknown;
        return typeof value === 'function' ? (value.bind(inner) as unknown) : value;
      },
    });
    return createService({ ...w.value, connectors: { customerp, tidsbanken: changed } });
  };
}

/** What Tidsbanken is told to hold in one field becomes something else on the way. */
const spoiling = (field: string, spoil: (text: string) => string) => (connector: Connector) => ({
  update: (request: UpdateRequest) =>
    connector.update({
      ...request,
      values: withField(request.values, field, (value) => (typeof value === 'string' ? spoil(value) : value)),
    }),
});

function withField(
  values: UpdateRequest['values'],
  field: string,
  change: (value: Json) => Json,
): UpdateRequest['values'] {
  const value = values.get(field);
  return value === undefined ? values : new Map([...values, [field, change(value)]]);
}

describe('a checklist on the sandbox', () => {
  it(
    'every row of the three flows passes in each direction that it goes, and everything is as it was',
    async () => {
      await ready();
      const before = await bothSystems();
      const ended = await verify('customer-kunde', 'employee-ansatt', 'project-prosjekt');
      expect(ended.run).toMatchObject({ state: 'done', problems: [] });
      const { report } = signedOf(ended);
      expect(countsOf(report).failed).toBe(0);
      const untested = linesOf(ended).filter(({ verdict }) => verdict === 'notApplicable');
      expect(new Set(untested.map(({ why }) => why))).toEqual(new Set(['key', 'off']));
      expect(linesOf(ended).filter(({ verdict }) => verdict === 'passed')).toHaveLength(2 * (14 + 16 + 11));
      expect(
        report.flows.flatMap(({ rules }) =>
          rules.filter(({ verdict }) => verdict === 'passed').map(({ rule }) => rule),
        ),
      ).toEqual(
        expect.arrayContaining([
          'merged:orgNo',
          'merged:nameAndCustomer',
          'inSync:customerp',
          'references',
          'conflict',
          'rail',
        ]),
      );
      const seen = linesOf(ended).flatMap(({ evidence }) => evidence ?? []);
      expect(seen.filter(({ putBack, wrote, readBack }) => putBack !== 'restored' || wrote !== readBack)).toEqual([]);
      expect(await bothSystems()).toEqual(before);

      const next = await world.sync('safe', { full: true });
      expect(next.problems).toEqual([]);
      for (const flow of Object.values(next.flows))
        expect(flow).toMatchObject({ proposed: 0, updated: { customerp: 0, tidsbanken: 0 } });
      await world.sync('safe', { full: true });
      expect(await bothSystems()).toEqual(before);
    },
    SLOW,
  );

  it(
    'writes only to the named records',
    async () => {
      await ready();
      const nativeId = await inStep('customer-kunde');
      const before = { c: (await world.writes('customerp')).length, t: (await world.writes('tidsbanken')).length };
      const ended = await begin({ records: [{ flow: 'customer-kunde', nativeId }] });
      const [pair] = signedOf(ended).report.flows.flatMap(({ pairs }) => pairs);
      expect(idsOf((await world.writes('customerp')).slice(before.c))).toEqual(new Set([pair?.customerp]));
      expect(idsOf((await world.writes('tidsbanken')).slice(before.t))).toEqual(new Set([pair?.tidsbanken]));
    },
    SLOW,
  );

  it(
    'a broken conversion turns exactly its rows red, and what it spoilt is put back',
    async () => {
      await ready(ALIKE, { open: opened(spoiling('Tittel', (title) => title.replaceAll('æ', 'ae'))) });
      const before = await bothSystems();
      const ended = await verify('employee-ansatt');
      expect(red(ended)).toEqual(['jobTitle → tidsbanken: otherValue', 'jobTitle → customerp: notWritten']);
      expect(pages.at(-1)).toMatch(/\.html$/);
      expect(
        signedOf(ended)
          .report.flows[0]?.rules.filter(({ verdict }) => verdict === 'failed')
          .map(({ rule }) => rule),
      ).toEqual(['inSync:tidsbanken', 'inSync:customerp']);
      expect(await bothSystems()).toEqual(before);
    },
    SLOW,
  );

  it.each([
    { what: 'written', read: 'value', write: 'value.substring(0, 2)' },
    { what: 'read', read: 'value + "x"', write: 'value' },
  ])(
    'a conversion of workspace.yaml that is broken where it is $what turns exactly its rows red',
    async (convert) => {
      await ready();
      const nativeId = await inStep('employee-ansatt');
      await remap('employee-ansatt', {
        jobTitle: { convert: { tidsbanken: { read: convert.read, write: convert.write } } },
      });
      await world.sync('safe');
      const before = await bothSystems();
      const ended = await begin({ records: [{ flow: 'employee-ansatt', nativeId }] });
      expect(red(ended)).toEqual(['jobTitle → tidsbanken: notConverted', 'jobTitle → customerp: notConverted']);
      expect(await bothSystems()).toEqual(before);
    },
    SLOW,
  );

  it(
    'what a broken writer does not let us put back stays an open item',
    async () => {
      await ready(ALIKE, { open: opened(spoiling('Tittel', (title) => `${title}!`)) });
      const ended = await verify('employee-ansatt');
      expect(red(ended)).toEqual(['jobTitle → tidsbanken: otherValue']);
      expect(linesOf(ended).find(({ property }) => property === 'jobTitle')?.evidence?.putBack).toBe('open');
      expect(linesOf(ended).filter(({ property }) => property === 'jobTitle')).toMatchObject([
        { to: 'tidsbanken', verdict: 'failed' },
        { to: 'customerp', verdict: 'notApplicable', why: 'stillTested' },
      ]);
      expect(ended.run.problems.map(({ kind }) => kind)).toContain('checklistUnfinished');
    },
    SLOW,
  );

  it(
    'of several properties in one group, only the broken one is red',
    async () => {
      await ready(ALIKE, { open: opened(spoiling('Poststed', (city) => city.replaceAll('æ', 'ae'))) });
      const ended = await verify('employee-ansatt');
      expect(red(ended)).toEqual(['city → tidsbanken: otherValue', 'city → customerp: notWritten']);
    },
    SLOW,
  );

  it(
    'a pair with changes that wait is left alone',
    async () => {
      await ready();
      const nativeId = await inStep('customer-kunde');
      await world.edit('customerp', 'customers', nativeId, { phone: '90000042' });
      await world.run({ do: 'plan', approve: 'none' });
      const before = await bothSystems();
      const ended = await begin({ records: [{ flow: 'customer-kunde', nativeId }] });
      expect(ended.run.problems).toMatchObject([
        { kind: 'checklistNotRun', recordKind: 'customer', facts: { why: 'changesWait', properties: 'phone' } },
      ]);
      expect(ended.run.problems[0]?.what).toContain('has changes that wait: phone.');
      expect(await bothSystems()).toEqual(before);
    },
    SLOW,
  );

  it(
    'creates the counterpart of a record that was named for it, and goes on with the pair',
    async () => {
      world = await AppOnSandbox.start({ ...ALIKE, overlap: 0.5 });
      await world.sync('safe');
      const { rows } = await world.app.records(
        { flow: 'customer-kunde', side: 'customerp', linked: false },
        { offset: 0, limit: 50 },
      );
      const nativeId = rows.find(({ bucket }) => bucket === 'proposed')?.nativeId ?? '';
      const ended = await begin({ creates: [{ flow: 'customer-kunde', nativeId }] });
      const [flow] = signedOf(ended).report.flows;
      expect(flow?.rules.find(({ rule }) => rule === 'created:tidsbanken')).toMatchObject({ verdict: 'passed' });
      expect(flow?.lines.find(({ property, to }) => property === 'number' && to === 'tidsbanken')).toMatchObject({
        verdict: 'passed',
      });
      expect(red(ended)).toEqual([]);

      // Ticks have an age, and stand until the mapping is another one; what a later pair cannot show leaves them.
      const tick = async (): Promise<unknown> => {
        const view = await world.app.checklists.view('customer-kunde');
        return view.ok
          ? view.value.rules.find(({ rule, to }) => rule === 'created' && to === 'tidsbanken')?.tick
          : view.failure;
      };
      expect(await tick()).toMatchObject({ verdict: 'passed', runId: ended.run.id });
      await begin({ records: [{ flow: 'customer-kunde', nativeId }] });
      expect(await tick()).toMatchObject({ verdict: 'passed', runId: ended.run.id });
      await remap('customer-kunde', { phone: { direction: 'toTidsbanken' } });
      expect(await tick()).toBeNull();
    },
    SLOW,
  );
});

describe('safe to stop', () => {
  it(
    'stopped in the middle: what was there is put back, and what was not reached is told',
    async () => {
      let writes = 0;
      const stops = (connector: Connector) => ({
        update: (request: UpdateRequest) => {
          writes += 1;
          if (writes === 3) world.app.stop();
          return connector.update(request);
        },
      });
      await ready();
      const before = await bothSystems();
      await world.app.close();
      world.app = await opened(stops)(world.dir);
      const ended = await verify('customer-kunde');
      expect(ended.run.state).toBe('stopped');
      expect(await bothSystems()).toEqual(before);
      const lines = linesOf(ended);
      expect(lines.some(({ verdict }) => verdict === 'passed')).toBe(true);
      expect(lines.some(({ why }) => why === 'stopped')).toBe(true);
    },
    SLOW,
  );

  it(
    'a process that ended in the middle leaves an open item, told at each start and put back by --restore',
    async () => {
      let writes = 0;
      const dies = (connector: Connector) => ({
        update: (request: UpdateRequest) => {
          writes += 1;
          if (writes === 4) throw new Error('the process ended here');
          return connector.update(request);
        },
      });
      await ready();
      const before = await bothSystems();
      await world.app.close();
      world.app = await opened(dies)(world.dir);
      const ended = await verify('customer-kunde');
      expect(ended).toMatchObject({ run: { state: 'failed' }, signed: null });
      expect(await bothSystems()).not.toEqual(before);

      await world.reopen();
      const told = { kind: 'checklistUnfinished', recordKind: 'customer' };
      expect(await world.app.doctor()).toMatchObject({ ok: false, unfinished: [told] });
      expect((await world.app.overview()).unfinished).toMatchObject([told]);
      // What was under way is looked up after the settle time (7.4).
      const next = await world.sync('safe', { wait: true });
      expect(next.problems.map(({ kind }) => kind)).toContain('checklistUnfinished');
      const restored = await world.app.checklists.restore();
      if (!restored.ok) throw new Error(restored.failure.what);
      expect((await restored.value.ended).run).toMatchObject({ state: 'done', problems: [] });
      expect(await world.app.doctor()).toMatchObject({ ok: true, unfinished: [] });
      expect((await world.app.overview()).unfinished).toBeUndefined();
      expect(await bothSystems()).toEqual(before);
      expect((await world.sync('safe', { full: true })).problems).toEqual([]);
      expect(await bothSystems()).toEqual(before);
    },
    SLOW,
  );

  it(
    'what somebody edited meanwhile is left to them',
    async () => {
      let nativeId = '';
      let isDone = false;
      const meanwhile = (connector: Connector) => ({
        update: async (request: UpdateRequest) => {
          const result = await connector.update(request);
          if (!isDone && request.values.has('Epost')) {
            isDone = true;
            await world.edit('customerp', 'customers', nativeId, { email: 'kunde@example.org' });
          }
          return result;
        },
      });
      await ready(ALIKE, { open: opened(meanwhile) });
      nativeId = await inStep('customer-kunde');
      const ended = await begin({ records: [{ flow: 'customer-kunde', nativeId }] });
      const email = linesOf(ended).find(({ property, to }) => property === 'email' && to === 'tidsbanken');
      expect(email?.evidence?.putBack).toBe('kept');
      expect(await world.record('customerp', 'customers', nativeId)).toMatchObject({ email: 'kunde@example.org' });
    },
    SLOW,
  );
});

describe('the report', () => {
  let other: string;
  afterEach(() => rm(other, { recursive: true, force: true }));

  it(
    'is signed by the workspace; a changed one and one signed elsewhere are told apart',
    async () => {
      other = await mkdtemp(join(tmpdir(), 'tidsbro-other-'));
      await ready();
      const { files } = await verify('project-prosjekt');
      if (files?.ok !== true) throw new Error('The report was not written.');
      const { json, html } = files.value;
      const checked = async (dir: string) => {
        const result = await checkReport(dir, json);
        return result.ok ? result.value.verdict : result.failure.kind;
      };
      expect(await checked(world.dir)).toBe('own');
      expect(await checked(other)).toBe('elsewhere');
      const text = await readFile(json, 'utf8');
      await writeFile(json, text.replace('"passed"', '"failed"'));
      expect(await checked(world.dir)).toBe('changed');
      await writeFile(json, 'nothing');
      expect(await checked(world.dir)).toBe('noReport');
      expect(await readFile(html, 'utf8')).toContain('✓ passed');
    },
    SLOW,
  );
});
