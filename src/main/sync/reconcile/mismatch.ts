import type { Kind, MismatchKind, Take } from '../../../shared/domain.ts';
import type { Json } from '../../../shared/json.ts';
import type { MismatchDraft, Versions } from '../drafts.ts';
import { mismatchFingerprint } from '../review/fingerprint.ts';
import type { Ids } from '../review/fingerprint.ts';

export interface MismatchParts extends Ids {
  readonly kind: Kind;
  readonly mismatch: MismatchKind;
  readonly label: string;
  readonly group?: string;
  readonly detail?: Readonly<Record<string, string>>;
  readonly suggests?: Take | null;
  readonly takes: readonly Take[];
  readonly candidates?: readonly string[];
  /** What else a decision depends on, such as the observed values with sensitive ones concealed. */
  readonly evidence?: Json;
}

/** A mismatch with its fingerprint. Detail and candidates are part of what a decision binds to; label and takes are not. */
export function mismatchDraft(parts: MismatchParts, versions: Versions): MismatchDraft {
  const { kind, mismatch, linkId, customerpId, tidsbankenId, label, takes } = parts;
  const group = parts.group ?? null;
  const detail = parts.detail ?? {};
  const candidates = parts.candidates ?? [];
  const facts = { detail, candidates, evidence: parts.evidence ?? null };
  const fingerprint = mismatchFingerprint(
    { kind, mismatch, linkId, customerpId, tidsbankenId, group, facts },
    versions,
  );
  return {
    kind,
    mismatch,
    linkId,
    customerpId,
    tidsbankenId,
    group,
    detail,
    suggests: parts.suggests ?? null,
    takes,
    candidates,
    fingerprint,
    label,
  };
}
