import { otherSide } from '../../../shared/domain.ts';
import type { Kind, Side } from '../../../shared/domain.ts';
import type { MismatchDraft, Versions } from '../drafts.ts';
import type { Ids } from '../review/fingerprint.ts';
import { mismatchDraft } from './mismatch.ts';

/** Findings about a create that came to a record and still made no pair. The same each time they are found. */

export interface VainCreate {
  readonly kind: Kind;
  readonly target: Side;
  readonly sourceId: string;
  readonly label: string;
}

/** 7.2: the system said yes, and the record never appeared. A new attempt is a person's decision. */
export const notPersistedCreate = (create: VainCreate, versions: Versions): MismatchDraft =>
  mismatchDraft(
    {
      ...idsOf(create, null),
      kind: create.kind,
      mismatch: 'notPersisted',
      label: create.label,
      detail: { op: 'create', target: create.target },
      takes: ['create', 'ignore', 'later'],
    },
    versions,
  );

/** K2, I9: the record that the look came to, by our marker or a key, is linked to another one. It stands while that link does. */
export const heldByLinked = (create: VainCreate, nativeId: string, versions: Versions): MismatchDraft =>
  collision(create, nativeId, { ids: idsOf(create, null), why: 'linked' }, versions);

/** K9: what stands under the number is not what was sent. Nothing more is written until a person has said whose it is. */
export const collidedCreate = (create: VainCreate, nativeId: string, versions: Versions): MismatchDraft =>
  collision(
    create,
    nativeId,
    { ids: idsOf(create, nativeId), why: 'it holds something else than what was sent' },
    versions,
  );

/** `ids`: whom the finding is about. */
const collision = (
  { kind, label, target }: VainCreate,
  nativeId: string,
  { ids, why }: { readonly ids: Ids; readonly why: string },
  versions: Versions,
): MismatchDraft =>
  mismatchDraft(
    {
      ...ids,
      kind,
      mismatch: 'idCollision',
      label,
      detail: { id: nativeId, why, side: otherSide(target) },
      takes: ['link', 'ignore', 'later'],
      candidates: [nativeId],
    },
    versions,
  );

const idsOf = ({ target, sourceId }: VainCreate, nativeId: string | null): Ids => ({
  linkId: null,
  customerpId: target === 'customerp' ? nativeId : sourceId,
  tidsbankenId: target === 'tidsbanken' ? nativeId : sourceId,
});
