import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { PRESETS, presetDescriptor } from '../create-connector.ts';
import { loadDescriptor } from './load.ts';

const small = `name: my-erp
title: My ERP
side: customerp
signIn: { type: bearer, secret: key }
probe: { path: company }
limits:
  requestMs: 60000
  settleMs: 120000
kinds:
  customer:
    id: { field: id, json: string }
    list:
      path: customers
      items: data
      paging: { type: page, sizeParam: size, pageParam: page }
    capabilities:
      pointRead: false
    fields:
      id: { json: string, readOnly: true }
      name: { json: string }
`;

const withPhone = (more: string): string => `${small}      phones.0.number: { json: string${more} }\n`;

describe('loadDescriptor', () => {
  it('a place in a list is a field that is only read: a write would lose what else the list holds', () => {
    expect(loadDescriptor(withPhone(', readOnly: true'), 'my-erp.yaml')).toMatchObject({ ok: true });
    expect(loadDescriptor(withPhone(''), 'my-erp.yaml')).toMatchObject({
      ok: false,
      failure: {
        what: expect.stringContaining('line 21: kinds.customer.fields.phones.0.number: lies in a list') as string,
      },
    });
  });

  it('reads a small one; what is left out is taken as the worst (2.4)', () => {
    const loaded = loadDescriptor(small, 'my-erp.yaml');
    expect(loaded).toMatchObject({ ok: true });
    const kind = loaded.ok ? loaded.value.kinds.customer : undefined;
    expect(kind?.capabilities).toEqual({
      partialUpdate: false,
      putMerges: 'unknown',
      conditionalWrite: false,
      pointRead: false,
      filterByKey: false,
      stableOrder: false,
      count: false,
      delta: false,
      archive: false,
      create: false,
      clientChosenId: null,
      createOnExisting: 'unknown',
      markerField: null,
      systemIds: [],
    });
  });

  it.each([
    {
      what: 'a misspelt key',
      from: 'pointRead: false',
      to: 'pointread: false',
      says: 'line 17: kinds.customer.capabilities.pointread: unknown key',
    },
    { what: 'a wrong type', from: 'items: data', to: 'items: 7', says: 'line 14: kinds.customer.list.items:' },
    { what: 'a missing key', from: '      items: data\n', to: '', says: 'line 12: kinds.customer.list.items:' },
    {
      what: 'settle under twice the timeout (2.4)',
      from: '120000',
      to: '119999',
      says: 'line 8: limits.settleMs: must be at least twice requestMs',
    },
    {
      what: 'a capability nothing carries out',
      from: 'pointRead: false',
      to: 'pointRead: true',
      says: 'line 17: kinds.customer.capabilities.pointRead: needs `read`',
    },
    {
      what: 'an absolute path',
      from: 'path: customers',
      to: 'path: https://evil.example/',
      says: 'line 13: kinds.customer.list.path: a path below the base URL',
    },
    {
      what: 'a path that climbs',
      from: 'path: customers',
      to: 'path: a/../../b',
      says: 'line 13: kinds.customer.list.path: a path below',
    },
    { what: 'broken YAML', from: 'side: customerp', to: 'side: [customerp', says: 'line 4:' },
    { what: 'the same key twice', from: 'title: My ERP', to: 'name: again', says: 'line 2:' },
    { what: 'an unknown side', from: 'side: customerp', to: 'side: left', says: 'line 3: side:' },
    {
      what: 'I12: a delete request',
      from: '    capabilities:',
      to: '    delete: { path: x }\n    capabilities:',
      says: 'line 16: kinds.customer.delete: unknown key',
    },
    {
      what: 'a DELETE under another name',
      from: '    capabilities:',
      to: '    update: { method: DELETE, path: "x/{id}" }\n    capabilities:',
      says: 'line 16: kinds.customer.update.method:',
    },
    {
      what: 'an update that names no record',
      from: '    capabilities:',
      to: '    update: { method: PUT, path: x }\n    capabilities:',
      says: 'line 16: kinds.customer.update: names no record',
    },
    { what: 'no YAML map at all', from: small, to: 'hello', says: 'line 1:' },
  ])('names line and path of $what', ({ from, to, says }) => {
    const loaded = loadDescriptor(small.replace(from, to), 'my-erp.yaml');
    expect(loaded).toMatchObject({ ok: false, failure: { kind: 'badDescriptor' } });
    expect(loaded.ok ? '' : loaded.failure.what).toContain(says);
  });

  it.each(['tidsbanken', 'customerp-rest'] as const)('%s is plain data: it survives YAML', (name) => {
    const loaded = loadDescriptor(stringify(PRESETS[name]), name);
    expect(loaded).toEqual({ ok: true, value: presetDescriptor(name) });
  });
});
