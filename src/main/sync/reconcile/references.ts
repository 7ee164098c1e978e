import type { Props, Value } from '../../../shared/domain.ts';
import type { CollectedRecord, RecordRef } from '../drafts.ts';
import type { LinkOf } from './rules.ts';

/** A record whose references read as the link they point to, so that both sides compare (O2). */
export interface ResolvedRecord {
  readonly props: Props;
  /** References to records without an active link, by property: they are ∅. */
  readonly unlinked: Readonly<Record<string, RecordRef>>;
  /** References to records whose create is still open, by property: ∅ as well, and no finding yet (O3). */
  readonly waiting: Readonly<Record<string, RecordRef>>;
}

export const linkText = (linkId: number): string => `link:${String(linkId)}`;

/** What stands at the place of a reference whose record is still to be created: the source's native id after `open:`. */
export const openText = (nativeId: string): string => `open:${nativeId}`;

/** Replaces native ids by links. An empty reference stays empty; an unobserved one stays unobserved. */
export function resolveReferences(
  record: CollectedRecord,
  references: Readonly<Record<string, RecordRef['kind']>>,
  linkOf: LinkOf,
): ResolvedRecord {
  const props: Record<string, Value> = { ...record.props };
  const unlinked: Record<string, RecordRef> = {};
  const waiting: Record<string, RecordRef> = {};
  for (const [property, kind] of Object.entries(references)) {
    const nativeId = props[property] ?? null;
    if (nativeId === null) continue;
    const ref = { side: record.side, kind, nativeId };
    const link = linkOf(kind, record.side, nativeId);
    if (typeof link === 'number') {
      props[property] = linkText(link);
      continue;
    }
    delete props[property];
    if (link === 'open') waiting[property] = ref;
    else unlinked[property] = ref;
  }
  return { props, unlinked, waiting };
}
