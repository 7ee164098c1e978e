import type { MappingRow } from '../../shared/contract/mapping-views.ts';

/** A row of a mapping as the host tells it, with what a test wants otherwise. */
export const aMappingRow = (more: Partial<MappingRow> = {}): MappingRow => ({
  name: 'street',
  customerp: 'address.line1',
  tidsbanken: 'Gateadresse',
  type: 'string',
  direction: 'both',
  group: 'address',
  master: 'customerp',
  reference: null,
  required: false,
  clearable: true,
  sensitive: false,
  key: false,
  negated: false,
  maxLength: {},
  values: null,
  onCreate: {},
  convert: {},
  when: {},
  set: [],
  ...more,
});
