import { afterAll, describe, expect, it } from 'vitest';
import { Fakes } from '../sync/testing/run-on-fakes.ts';
import { propertyViews } from './views.ts';

const fakes = new Fakes();
afterAll(() => fakes.close());

describe('what is shown of a property', () => {
  it.each([
    ['974760673', '974760673', undefined],
    ['974760674', '974760673', 'checkDigit'],
    ['974760673', '974760674', 'checkDigit'],
    ['974760673', null, undefined],
  ] as const)('2.2 organisation numbers %s and %s: %s', async (e, t, warning) => {
    const flow = fakes.flows.get('customer');
    const id = fakes.customerp.put('customer', { name: 'Prøve AS', organizationNumber: e });
    const other = fakes.tidsbanken.put('customer', { Navn: 'Prøve AS', Organisasjonsnummer: t });
    await fakes.run({ mode: 'preview', approve: 'none' });
    const pair = {
      link: null,
      customerp: await fakes.store.records.get('customer', 'customerp', id),
      tidsbanken: await fakes.store.records.get('customer', 'tidsbanken', other),
    };
    const views = flow === undefined ? [] : propertyViews(flow, pair);
    expect(views.find(({ property }) => property === 'orgNo')?.warning).toBe(warning);
    expect(views.filter((view) => view.warning !== undefined && view.property !== 'orgNo')).toEqual([]);
  });
});
