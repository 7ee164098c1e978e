import { SIDES } from '../../../shared/domain.ts';
import type { Kind, Pair, Props, Side, Value } from '../../../shared/domain.ts';
import type { StoredLink } from '../../store/links.ts';
import type { RecordToJudge } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import { linkText } from '../reconcile/references.ts';
import type { LinkOf } from '../reconcile/rules.ts';

interface Judging {
  readonly references: Readonly<Record<string, Kind>>;
  readonly linkOf: LinkOf;
  /** The records of the page, by native id. */
  readonly records: Pair<ReadonlyMap<string, Pick<RecordToJudge, 'props'>>>;
}

/**
 * O2: two records that were parted and joined again are the same reference as before, though their link is another one. A
 * base that names the ended link would tell of an edit that nobody made. Answers with what such bases hold instead, by
 * link; a record that has got another partner is another reference, and not in here.
 */
export async function renewedReferences(
  store: Store,
  links: readonly StoredLink[],
  judging: Judging,
): Promise<ReadonlyMap<number, Pair<Props>>> {
  const unlike = links.flatMap((link) => SIDES.flatMap((side) => unlikeNow(link, side, judging)));
  if (unlike.length === 0) return new Map();
  const joinedAgain = await store.links.joinedAgain([...new Set(unlike.map(({ was }) => was))]);
  const renewed = new Map<number, Pair<Record<string, Value>>>();
  for (const { link, side, property, was } of unlike) {
    const id = joinedAgain.get(was);
    if (id === undefined) continue;
    const base = renewed.get(link.id) ?? { customerp: {}, tidsbanken: {} };
    base[side][property] = linkText(id);
    renewed.set(link.id, base);
  }
  return renewed;
}

interface Unlike {
  readonly link: StoredLink;
  readonly side: Side;
  readonly property: string;
  /** The link that the base names. */
  readonly was: number;
}

/** References of a base that are not what the record shows now: the only ones that may name an ended link. */
function unlikeNow(link: StoredLink, side: Side, { references, linkOf, records }: Judging): Unlike[] {
  const now = records[side].get(side === 'customerp' ? link.customerpId : link.tidsbankenId)?.props ?? {};
  return Object.entries(references).flatMap(([property, kind]) => {
    const base = link.base[side][property] ?? null;
    if (base === null) return [];
    const nativeId = now[property] ?? null;
    const current = nativeId === null ? null : linkOf(kind, side, nativeId);
    return typeof current === 'number' && base === linkText(current)
      ? []
      : [{ link, side, property, was: Number(base.replace(/^link:/, '')) }];
  });
}
