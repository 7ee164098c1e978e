import { afterEach, describe, expect, it } from 'vitest';
import type { Kind } from '../../../shared/domain.ts';
import type { CreationRule, FlowMapping } from '../../mapping/mapping.ts';
import { customer, customersInStep, employee, project } from '../testing/records.ts';
import { APPROVE_ALL, Fakes, PREVIEW } from '../testing/run-on-fakes.ts';

let fakes = new Fakes();
afterEach(() => fakes.close());

const BY_PROJECT: CreationRule = { rule: 'ifReferredTo', referredToBy: ['project'], automatic: false };
type Rules = Partial<Record<Kind, CreationRule['rule'] | CreationRule>>;

/** What of each kind of Customerp's records gets a counterpart in Tidsbanken. */
const set = (rules: Rules, more: (flow: FlowMapping) => FlowMapping = (flow) => flow): Fakes => {
  fakes.close();
  fakes = new Fakes({
    mapping: (flow) => {
      const rule = rules[flow.kind];
      const tidsbanken = typeof rule === 'string' ? ({ rule, automatic: false } as CreationRule) : rule;
      return more(tidsbanken === undefined ? flow : { ...flow, create: { ...flow.create, tidsbanken } });
    },
  });
  return fakes;
};
const inTidsbanken = (kind: Kind) => fakes.tidsbanken.all(kind).map(({ Id }) => Id);
const customers = () => {
  const [one = '', two = ''] = ['10001', '10002'].map((number) => fakes.customerp.put('customer', customer(number)));
  return { one, two };
};

describe('M5 ifReferredTo: only what a synchronised record refers to gets a counterpart', () => {
  it('the customer of a project is created with it, in the order of O1 and O3; the other is shown', async () => {
    set({ customer: BY_PROJECT });
    const { one } = customers();
    fakes.customerp.put('project', project('900', { customerId: one }));
    await fakes.run(APPROVE_ALL);
    expect([inTidsbanken('customer'), inTidsbanken('project')]).toEqual([['10001'], ['900']]);
    expect(await fakes.mismatchKinds()).toEqual(['onlyInCustomerp']);
  });

  it.each<[string, Rules, object]>([
    ['is not synchronised by its own flow', { project: 'never' }, {}],
    ['is closed (X3)', {}, { closed: true }],
    ['refers to nobody', {}, { customerId: null }],
  ])('a project that %s brings nobody in', async (_name, rules, values) => {
    set({ customer: BY_PROJECT, ...rules });
    const { one } = customers();
    fakes.customerp.put('project', project('900', { customerId: one, ...values }));
    await fakes.run(APPROVE_ALL);
    expect(inTidsbanken('customer')).toEqual([]);
  });

  it('C7 nor does one that the filter leaves out', async () => {
    set({ customer: BY_PROJECT }, (flow) =>
      flow.kind === 'project' ? { ...flow, filter: { customerp: [{ property: 'internal', is: ['false'] }] } } : flow,
    );
    const { one } = customers();
    fakes.customerp.put('project', project('900', { customerId: one, internal: true }));
    await fakes.run(APPROVE_ALL);
    expect(inTidsbanken('customer')).toEqual([]);
  });

  it('a linked project does, whatever the rule of its flow', async () => {
    set({ customer: BY_PROJECT, project: 'never' });
    const { one } = customers();
    fakes.customerp.put('project', project('900', { customerId: one, name: 'Brygge' }));
    fakes.tidsbanken.put('project', { Id: '900', Navn: 'Brygge', Startet: true, Avsluttet: false });
    await fakes.run(APPROVE_ALL);
    await fakes.run(APPROVE_ALL);
    expect(inTidsbanken('customer')).toEqual(['10001']);
  });

  it('a later reference brings an unchanged record in', async () => {
    set({ customer: BY_PROJECT });
    const { one, two } = customers();
    const id = fakes.customerp.put('project', project('900', { customerId: one }));
    await fakes.run(APPROVE_ALL);
    fakes.customerp.edit('project', id, { customerId: two });
    await fakes.run(APPROVE_ALL);
    expect(inTidsbanken('customer')).toEqual(['10001', '10002']);
  });

  it('V2 a create that waits is withdrawn when nobody refers to the record any more', async () => {
    set({ customer: BY_PROJECT });
    const { one } = customers();
    const id = fakes.customerp.put('project', project('900', { customerId: one }));
    await fakes.run(PREVIEW);
    expect(await fakes.states('customer')).toEqual(['planned']);
    fakes.customerp.edit('project', id, { closed: true });
    await fakes.run(PREVIEW);
    expect(await fakes.states('customer')).toEqual(['superseded']);
    expect(await fakes.mismatchKinds()).toEqual(['onlyInCustomerp', 'onlyInCustomerp']);
  });

  it('a chain of such rules is followed, and a circle brings nobody in', async () => {
    const manager = employee('7');
    set({ customer: BY_PROJECT, project: { ...BY_PROJECT, referredToBy: ['employee'] } });
    const { one } = customers();
    const id = fakes.customerp.put('project', project('900', { customerId: one }));
    fakes.customerp.put('employee', { ...manager, defaultProjectId: id });
    await fakes.run(APPROVE_ALL);
    expect([inTidsbanken('customer'), inTidsbanken('project')]).toEqual([['10001'], ['900']]);

    set({ employee: BY_PROJECT, project: { ...BY_PROJECT, referredToBy: ['employee'] } });
    const person = fakes.customerp.put('employee', manager);
    const own = fakes.customerp.put('project', project('901', { managerId: person }));
    fakes.customerp.edit('employee', person, { defaultProjectId: own });
    await fakes.run(APPROVE_ALL);
    expect([inTidsbanken('employee'), inTidsbanken('project')]).toEqual([[], []]);
  });

  it.each(['every', BY_PROJECT] as const)(
    'another rule (%j) holds for records that nobody has edited',
    async (rule) => {
      set({ customer: 'never', project: 'never' });
      const { one } = customers();
      fakes.customerp.put('project', project('900', { customerId: one }));
      await fakes.run(APPROVE_ALL);
      fakes.remap((flow) => {
        const tidsbanken: CreationRule = typeof rule === 'string' ? { rule, automatic: false } : rule;
        return flow.kind === 'customer' ? { ...flow, create: { ...flow.create, tidsbanken } } : flow;
      });
      await fakes.run(APPROVE_ALL);
      expect(inTidsbanken('customer')).toEqual(rule === 'every' ? ['10001', '10002'] : ['10001']);
    },
  );

  it('a record that is linked stays so when nobody refers to it any more', async () => {
    set({ customer: BY_PROJECT });
    const [id = ''] = await customersInStep(fakes, 1);
    fakes.customerp.edit('customer', id, { phone: '22000001' });
    await fakes.run(APPROVE_ALL);
    expect(fakes.tidsbanken.raw('customer', '10001')['Telefon']).toContain('22000001');
  });
});

const NO_SITE = (flow: FlowMapping): FlowMapping => ({
  ...flow,
  properties: flow.properties.map((p) =>
    p.name === 'website' ? { ...p, onCreate: { tidsbanken: 'https://none.example' } } : p,
  ),
});

describe('7.2 a value for new records', () => {
  it.each([
    ['is sent where the source is empty', null, 'https://none.example'],
    ['gives way to the source’s own', 'https://a.example', 'https://a.example'],
  ])('%s', async (_name, website, url) => {
    set({}, NO_SITE);
    fakes.customerp.put('customer', customer('10001', { website }));
    await fakes.run(APPROVE_ALL);
    expect(fakes.tidsbanken.raw('customer', '10001')['Url']).toBe(url);
  });

  it('I4, I7 is agreed on with an empty source: nothing goes back, and later edits of either side do', async () => {
    set({}, NO_SITE);
    const id = fakes.customerp.put('customer', customer('10001', { website: null }));
    await fakes.run(APPROVE_ALL);
    const sent = fakes.tidsbanken.received.length;
    await fakes.run({ ...APPROVE_ALL, full: true });
    expect([fakes.tidsbanken.received.length, fakes.customerp.received.length]).toEqual([sent, 0]);
    expect((await fakes.store.links.of('customer', 'customerp', id))?.base).toMatchObject({
      customerp: { website: null },
      tidsbanken: { website: 'https://none.example' },
    });
    fakes.customerp.edit('customer', id, { website: 'https://b.example' });
    await fakes.run(APPROVE_ALL);
    expect(fakes.tidsbanken.raw('customer', '10001')['Url']).toBe('https://b.example');
  });
});
