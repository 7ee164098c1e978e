import { hostname } from 'node:os';
import { ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import type { CopiedChange, CopiedMismatch, ReviewCopy } from '../../store/review-copy.ts';
import { ROWS_VERSION } from './format.ts';
import type { ChangeDecided, DecidedRow, DecisionsManifest, MismatchDecided, Origin } from './format.ts';
import { writeLines } from './line-file.ts';
import type { Reviewer } from './open-review.ts';

const PAGE = 500;

/** Writes what was decided in an opened review to a sealed file, to be brought back. Problems: those of `writeLines`. */
export async function writeDecisions(
  copy: ReviewCopy,
  about: { readonly origin: Origin; readonly reviewer: Reviewer; readonly now: number },
  path: string,
  passphrase: string,
): Promise<Result<{ readonly path: string; readonly decisions: number }, Problem>> {
  const manifest: DecisionsManifest = {
    is: 'decisions',
    rows: ROWS_VERSION,
    origin: about.origin,
    reviewer: { ...about.reviewer },
    installation: hostname(),
    madeAt: about.now,
  };
  const written = await writeLines(path, 'decisions', passphrase, manifest, decidedRows(copy));
  return written.ok ? ok({ path, decisions: written.value.count }) : written;
}

async function* decidedRows(copy: ReviewCopy): AsyncGenerator<DecidedRow> {
  for (let after = 0, page = copy.decidedChanges(0, PAGE); page.length > 0; page = copy.decidedChanges(after, PAGE)) {
    for (const change of page) yield* ofChange(change);
    after = page.at(-1)?.view.id ?? after;
  }
  for (
    let after = 0, page = copy.decidedMismatches(0, PAGE);
    page.length > 0;
    page = copy.decidedMismatches(after, PAGE)
  ) {
    for (const mismatch of page) yield ofMismatch(mismatch);
    after = page.at(-1)?.view.id ?? after;
  }
}

/** Approvals first: what is rejected after them leaves the rest approved. */
function ofChange({ view, fingerprint, groups, takes, decidedAt }: CopiedChange): ChangeDecided[] {
  const { id, flow, op, target, customerpId, tidsbankenId, label } = view;
  return (['approve', 'reject'] as const)
    .map((take) => ({ take, groups: groups.filter(({ group }) => takes[group] === take) }))
    .filter((decided) => decided.groups.length > 0)
    .map((decided) => ({
      is: 'change',
      id,
      flow,
      op,
      target,
      customerpId,
      tidsbankenId,
      label,
      fingerprint,
      groups: [...decided.groups],
      take: decided.take,
      decidedAt: decidedAt ?? 0,
    }));
}

function ofMismatch({ view, fingerprint, take, linkTo, decidedAt }: CopiedMismatch): MismatchDecided {
  const { id, flow, kind, group, customerpId, tidsbankenId, label } = view;
  return {
    is: 'mismatch',
    id,
    flow,
    kind,
    group,
    customerpId,
    tidsbankenId,
    label,
    fingerprint,
    take: take ?? 'later',
    ...(linkTo === null ? {} : { linkTo }),
    decidedAt: decidedAt ?? 0,
  };
}
