import type { MergeReport, WrittenReview } from '../../../shared/contract/portable.ts';
import { ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import type { PortableReview } from './portable-review.ts';

/** Writes the file that leaves from here to where a window can fetch it, piece by piece. */
export async function writeForWindow(
  portable: PortableReview,
  passphrase: string,
): Promise<Result<WrittenReview & { readonly id: string; readonly bytes: number }, Problem>> {
  const { id, path } = await portable.transfers.place();
  const written = await portable.write(path, passphrase);
  return written.ok ? ok({ ...written.value, id, bytes: await portable.transfers.sizeOf(path) }) : written;
}

interface Handed {
  readonly id: string;
  readonly passphrase: string;
  readonly confirmCount?: number | undefined;
}

/** Merges a file that a window has handed over. It stays for another try: with a number typed, or another passphrase. */
export async function mergeFromWindow(
  portable: PortableReview,
  { id, passphrase, confirmCount }: Handed,
): Promise<Result<MergeReport, Problem>> {
  const path = portable.transfers.pathOf(id);
  return path.ok ? portable.merge(path.value, passphrase, confirmCount) : path;
}
