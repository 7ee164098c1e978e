import { afterEach, describe, expect, it } from 'vitest';
import { OPEN_CHANGE_STATES } from '../../../shared/domain.ts';
import type { Kind } from '../../../shared/domain.ts';
import type { Deed } from '../testing/fake-system.ts';
import { Crash, crashAt } from '../testing/crash-at.ts';
import type { When } from '../testing/crash-at.ts';
import { APPROVE_ALL, Fakes } from '../testing/run-on-fakes.ts';
import type { FakesOptions } from '../testing/run-on-fakes.ts';
import { customer, customersInStep, employee, kunde, project } from '../testing/records.ts';

/** Section 10 and I16: the process ends at each durable step in turn, and the next start brings everything to its end. */

interface Scenario {
  readonly name: string;
  readonly options?: FakesOptions;
  /** Brings the two systems to where the run that crashes finds them. */
  readonly arrange: (fakes: Fakes) => Promise<void>;
  readonly kinds: readonly Kind[];
  /** The write request in whose course it may crash. */
  readonly writes: string;
  /** What must be there in the end. */
  readonly converged: (fakes: Fakes) => void;
}

const creationInCustomerp: FakesOptions = {
  mapping: (flow) => ({ ...flow, create: { ...flow.create, customerp: { rule: 'every', automatic: false } } }),
};

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'updates in both directions, on a system that replaces whole objects',
    kinds: ['customer'],
    writes: 'tidsbanken.update',
    arrange: async (fakes) => {
      const [first = '', second = ''] = await customersInStep(fakes, 2);
      fakes.customerp.edit('customer', first, { phone: '90000041', website: 'https://fjordlys.example' });
      fakes.tidsbanken.edit('customer', '10001', { Mobil: '90000042', Kontaktperson: 'Prøve Person' });
      fakes.customerp.edit('customer', second, { email: '' });
    },
    converged: ({ customerp, tidsbanken }) => {
      expect(tidsbanken.raw('customer', '10001')).toMatchObject({
        Telefon: '+4790000041',
        Url: 'https://fjordlys.example',
        Mobil: '90000042',
        Kontaktperson: 'Prøve Person',
      });
      expect(customerp.all('customer')[0]).toMatchObject({ mobile: '+4790000042', phone: '90000041' });
      expect(tidsbanken.raw('customer', '10002')).toMatchObject({ Epost: '' });
    },
  },
  {
    name: 'creates with a chosen id, references and a default project that comes later',
    kinds: ['customer', 'employee', 'project'],
    writes: 'tidsbanken.create',
    arrange: async (fakes) => {
      const owner = fakes.customerp.put('customer', customer('10001'));
      const works = fakes.customerp.put('project', project('4001', { customerId: owner }));
      fakes.customerp.put('employee', employee('301', { defaultProjectId: works }));
    },
    converged: ({ tidsbanken }) => {
      expect(tidsbanken.all('customer')).toHaveLength(1);
      expect(tidsbanken.raw('project', '4001')).toMatchObject({ KundeId: '10001' });
      expect(tidsbanken.raw('employee', '301')).toMatchObject({ ProsjektId: '4001' });
    },
  },
  {
    name: 'creates found again by our marker',
    kinds: ['customer'],
    writes: 'customerp.create',
    options: creationInCustomerp,
    arrange: async (fakes) => {
      fakes.tidsbanken.put('customer', kunde('10001'));
    },
    converged: ({ customerp }) => {
      expect(customerp.all('customer')).toHaveLength(1);
    },
  },
];

const SYSTEM_FIELDS = new Set(['updatedAt', 'SistEndretDato']);
const content = (deed: Deed, which: 'before' | 'after'): Record<string, unknown> =>
  Object.fromEntries(Object.entries(deed[which] ?? {}).filter(([name]) => !SYSTEM_FIELDS.has(name)));

const MOST_STEPS = 500;
const opened: Fakes[] = [];
afterEach(() => {
  for (const fakes of opened.splice(0)) fakes.close();
});

async function startedWith(scenario: Scenario, inFile: boolean): Promise<Fakes> {
  const fakes = new Fakes({ ...scenario.options, inFile });
  opened.push(fakes);
  await scenario.arrange(fakes);
  return fakes;
}

type Here = Parameters<typeof crashAt>[1];
const nth =
  (n: number): Here =>
  (_, index) =>
    index === n;
/** The first step of that name. */
const named =
  (name: string): Here =>
  (step) =>
    step === name;

/** Runs, and says at which step it crashed; null when it came to its end. A store in memory outlives the crash. */
async function crashedRun(fakes: Fakes, { kinds }: Scenario, when: When, isHere: Here): Promise<string | null> {
  const crash = crashAt(when, isHere);
  try {
    await fakes.run({ ...APPROVE_ALL, kinds, wait: true, through: crash.through });
    return null;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    return error.step;
  } finally {
    if (fakes.folder !== null) fakes.reopen();
  }
}

/** What section 14 asks for, whatever happened on the way. */
async function settled(fakes: Fakes, where: string, scenario: Scenario): Promise<void> {
  const request = { ...APPROVE_ALL, kinds: scenario.kinds, wait: true };
  await fakes.run(request);
  await fakes.run(request);
  const sent = fakes.customerp.received.length + fakes.tidsbanken.received.length;
  const last = await fakes.run({ ...request, full: true });
  scenario.converged(fakes);
  expect(fakes.customerp.received.length + fakes.tidsbanken.received.length, `${where}: I4`).toBe(sent);
  expect(last.buckets, `${where}: I1`).toEqual({ inStep: last.read, proposed: 0, mismatch: 0, skipped: 0, failed: 0 });
  const open = (await fakes.changes()).filter((c) => (OPEN_CHANGE_STATES as readonly string[]).includes(c.state));
  expect(open, `${where}: nothing stays open`).toEqual([]);
  expect(await fakes.mismatches(), `${where}: no finding`).toEqual([]);
  expect(await fakes.store.journal.firstBrokenRow(), `${where}: I22`).toBeNull();
  for (const deed of [...fakes.customerp.ourDeeds, ...fakes.tidsbanken.ourDeeds])
    expect(content(deed, 'after'), `${where}: a write that changed nothing was sent again`).not.toEqual(
      content(deed, 'before'),
    );
}

describe.each(SCENARIOS)('I16: a crash at every step of $name', (scenario) => {
  it.each(['before', 'after'] as const)('%s the step', async (when) => {
    const seen = new Set<string>();
    for (let n = 1; n < MOST_STEPS; n++) {
      const fakes = await startedWith(scenario, false);
      const step = await crashedRun(fakes, scenario, when, nth(n));
      if (step === null) break;
      seen.add(step);
      await settled(fakes, `crash ${when} step ${String(n)}, ${step}`, scenario);
      opened.pop()?.close();
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(['plans.save', 'changes.advance:sending', 'changes.advance:acked']),
    );
  });

  // Each of these leaves something for recovery to do; then recovery itself crashes, at each of its steps in turn.
  it.each([
    { rule: 'Z9 after Z5', at: scenario.writes, when: 'before' },
    { rule: 'Z9 after Z5, landed', at: scenario.writes, when: 'after' },
    { rule: 'Z9 after Z6', at: 'changes.advance:acked', when: 'after' },
    { rule: 'Z9 after Z7', at: 'changes.advance:verified', when: 'before' },
  ] as const)('$rule: crash $when $at, and again at every step of recovery', async ({ at, when }) => {
    for (let n = 1; n < MOST_STEPS; n++) {
      const fakes = await startedWith(scenario, false);
      expect(await crashedRun(fakes, scenario, when, named(at))).toBe(at);
      const step = await crashedRun(fakes, scenario, 'after', nth(n));
      if (step === 'collections.stage') break; // recovery is over; what follows is a run like any other
      await settled(fakes, `crash after step ${String(n)} of recovery, ${step}`, scenario);
      opened.pop()?.close();
    }
  });
});

/** One row of section 10 each, with a real file that a new process opens. */
describe.each(SCENARIOS)('section 10, with $name', (scenario) => {
  it.each([
    { rule: 'Z1 during collect', at: 'collections.finish', when: 'before', ends: 'aborted' },
    { rule: 'Z2 before the plan is committed', at: 'plans.save', when: 'before', ends: 'aborted' },
    { rule: 'Z3 plan committed, nothing sent', at: 'plans.save', when: 'after', ends: 'interrupted' },
    { rule: 'Z3 approval committed, nothing sent', at: 'changes.approveMany', when: 'after', ends: 'interrupted' },
    { rule: 'Z4 preparing', at: 'changes.advance:preparing', when: 'after', ends: 'interrupted' },
    { rule: 'Z5 sending, nothing left', at: 'changes.advance:sending', when: 'after', ends: 'interrupted' },
    { rule: 'Z5 sending, landed, reply not recorded', at: scenario.writes, when: 'after', ends: 'interrupted' },
    { rule: 'Z6 acknowledged, not read back', at: 'changes.advance:acked', when: 'after', ends: 'interrupted' },
    { rule: 'Z7 read back, base not committed', at: 'changes.advance:verified', when: 'before', ends: 'interrupted' },
    { rule: 'Z8 base committed, run not closed', at: 'changes.advance:verified', when: 'after', ends: 'interrupted' },
  ] as const)('$rule', async ({ at, when, ends }) => {
    const fakes = await startedWith(scenario, true);
    expect(await crashedRun(fakes, scenario, when, named(at))).toBe(at);
    await settled(fakes, at, scenario);
    const { rows } = await fakes.store.runs.list(0, 10);
    expect(rows.map((run) => run.state).filter((state) => state !== 'done')).toEqual([ends]);
  });

  it('Z5: the write lands only after the next start, which waits for it and sends nothing again', async () => {
    const fakes = await startedWith(scenario, true);
    const target = scenario.writes.startsWith('customerp') ? fakes.customerp : fakes.tidsbanken;
    target.answer({ answer: 'unknown', acts: true, afterMs: 90_000 });
    expect(await crashedRun(fakes, scenario, 'after', named(scenario.writes))).toBe(scenario.writes);
    const [first] = target.received;
    await fakes.run({ ...APPROVE_ALL, kinds: scenario.kinds });
    fakes.clock.advance(121_000);
    await settled(fakes, 'late commit', scenario);
    const same = target.received.filter(
      (r) => r.op === first?.op && r.kind === first.kind && r.nativeId === first.nativeId,
    );
    expect(same).toEqual([first]);
  });
});
