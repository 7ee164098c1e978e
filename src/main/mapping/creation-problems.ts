import { SIDES, type Side } from '../../shared/domain.ts';
import type { MappingProblem } from './mapping-problem.ts';
import { isActive, type FlowMapping } from './mapping.ts';

const WORD: Readonly<Record<Side, string>> = { customerp: 'inCustomerp', tidsbanken: 'inTidsbanken' };

/** Rules `ifReferredTo` that no record could ever fulfil: no flow that runs has a reference to the kind (M5). */
export function creationProblems(mappings: readonly FlowMapping[]): MappingProblem[] {
  return mappings.flatMap(({ kind, create }) =>
    SIDES.flatMap((side): MappingProblem[] => {
      const by = create[side].referredToBy ?? [];
      const refers = (mapping: FlowMapping): boolean =>
        by.includes(mapping.kind) && mapping.properties.some((p) => isActive(p) && p.reference === kind);
      if (by.length === 0 || mappings.some((mapping) => mapping.enabled && refers(mapping))) return [];
      return [
        {
          kind: 'creationRule',
          recordKind: kind,
          side,
          at: ['create', WORD[side]],
          what: `No ${by.join(' or ')} record refers to a ${kind} in this mapping, so the rule ifReferredTo would create none.`,
          notDone: `The flow of ${kind} records was not started.`,
          todo: 'Map a reference, switch its flow on, or choose another rule.',
        },
      ];
    }),
  );
}
