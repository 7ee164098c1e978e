import type { Kind } from '../../shared/domain.ts';
import { presetDescriptor } from '../connectors/create-connector.ts';
import { defaultMapping } from '../mapping/default-mapping.ts';
import type { Fields } from '../mapping/mapping-problem.ts';
import { RAIL_LIMITS } from '../sync/review/rails.ts';
import { railLines } from './rail-lines.ts';
import type { ImportContext } from './to-mapping.ts';
import type { ExportOptions } from './write-page.ts';

const systems = { customerp: presetDescriptor('customerp-rest'), tidsbanken: presetDescriptor('tidsbanken') };

export const fieldsOf = (kind: Kind): Fields => ({
  customerp: systems.customerp.kinds[kind]?.fields ?? {},
  tidsbanken: systems.tidsbanken.kinds[kind]?.fields ?? {},
});

export const context: ImportContext = {
  fields: fieldsOf,
  defaults: defaultMapping(),
  rails: railLines(RAIL_LIMITS, 500),
};
export const exportAs = (language: ExportOptions['language'], partner = 'Customerp'): ExportOptions => ({
  language,
  partner,
  fields: fieldsOf,
  rails: context.rails,
});
