import { describe, expect, it } from 'vitest';
import { KINDS } from '../../shared/domain.ts';
import { defaultMapping } from './default-mapping.ts';

const flows = defaultMapping();
const all = flows.flatMap((flow) => flow.properties.map((property) => ({ kind: flow.kind, ...property })));
const field = (kind: string, name: string): string | undefined =>
  all.find((property) => property.kind === kind && property.name === name)?.tidsbanken;

describe('the default mapping (fact sheet 5.4)', () => {
  it('O1 has every kind, in order', () => expect(flows.map((flow) => flow.kind)).toEqual(KINDS));

  it('goes both ways, except what is sensitive', () => {
    for (const { direction, sensitive } of all) expect(direction).toBe(sensitive ? 'off' : 'both');
    expect(all.filter(({ sensitive }) => sensitive).map(({ tidsbanken }) => tidsbanken)).toEqual([
      'Fodt',
      'Personnummer',
      'Lonnskonto',
    ]);
  });

  it('Q10 has one key a kind: Id, whose leading zeros count except for employees', () => {
    const keys = all.filter(({ key }) => key);
    expect(keys.map(({ kind, tidsbanken, type }) => [kind, tidsbanken, type])).toEqual([
      ['department', 'Id', 'id'],
      ['customer', 'Id', 'id'],
      ['employee', 'Id', 'integerKey'],
      ['project', 'Id', 'id'],
    ]);
  });

  it('Q18, Q19 spells the look-alikes right', () => {
    expect(field('employee', 'postcode')).toBe('Postnummer');
    expect(field('customer', 'postcode')).toBe('Postnr');
    expect(field('customer', 'deliveryPostcode')).toBe('LevPostNr');
    expect(field('customer', 'deliveryCity')).toBe('LevPoststed');
    expect(field('project', 'closed')).toBe('Avsluttet');
    expect(field('project', 'endDate')).toBe('AvsluttetDato');
  });

  it('creates nothing by itself, and nothing at all in Customerp', () => {
    for (const { create } of flows) {
      expect(create.customerp.rule).toBe('never');
      expect(create.customerp.automatic || create.tidsbanken.automatic).toBe(false);
    }
    expect(flows.map(({ create }) => create.tidsbanken.rule)).toEqual(['never', 'every', 'every', 'every']);
  });

  it('2.2 no national id and no other sensitive value is a match key', () => {
    const sensitive = new Set(all.filter((property) => property.sensitive).map(({ name }) => name));
    for (const { keys } of flows)
      expect(keys.flatMap((key) => key.properties).filter((name) => sensitive.has(name))).toEqual([]);
  });

  it('each call gives a copy of its own', () => {
    expect(defaultMapping()[0]).not.toBe(flows[0]);
    expect(defaultMapping()).toEqual(flows);
  });
});
