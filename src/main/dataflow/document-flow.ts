import type { Kind, Pair } from '../../shared/domain.ts';
import type { FlowMapping } from '../mapping/mapping.ts';

/**
 * What a document can say about a flow: its mapping, and what the mapping's schema has no place for yet. The latter is
 * read, kept and written, so that no document loses it; a workspace cannot hold it.
 */
export interface DocumentFlow {
  readonly mapping: FlowMapping;
  /**
   * Creation on that side of records only that a synchronised record of one of these kinds refers to. Empty: no such
   * rule. Stands beside the mapping's rule `never`, which is what holds until the schema can say it.
   */
  readonly createIfReferredTo: Pair<readonly Kind[]>;
}

export const documentFlow = (mapping: FlowMapping): DocumentFlow => ({
  mapping,
  createIfReferredTo: { customerp: [], tidsbanken: [] },
});
