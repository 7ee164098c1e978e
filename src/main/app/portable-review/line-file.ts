import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { z } from 'zod';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { End, LONGEST_LINE, MOST_ROWS } from './format.ts';
import {
  FileProblem,
  asResult,
  damagedReview,
  fileUnusable,
  otherContents,
  oversizedReview,
  unreadableRows,
  weakPassphrase,
} from './problems.ts';
import { LEAST_PASSPHRASE, seal, unseal } from './sealed-file.ts';
import type { Holds } from './sealed-file.ts';

interface Written {
  readonly path: string;
  readonly count: number;
}

/**
 * Writes a manifest and its rows to a sealed file, row by row; the file has its name only once it is whole, and can be
 * read by this account only.
 * Problems: `weakPassphrase`, `oversizedReview`, `fileUnusable`.
 */
export async function writeLines(
  path: string,
  holds: Holds,
  passphrase: string,
  manifest: object,
  rows: AsyncIterable<object>,
): Promise<Result<Written, Problem>> {
  if (passphrase.normalize('NFKC').length < LEAST_PASSPHRASE) return fail(weakPassphrase(LEAST_PASSPHRASE));
  const part = `${path}.part`;
  let count = 0;
  const lines = async function* (): AsyncGenerator<string> {
    yield lineOf(manifest);
    for await (const row of rows) {
      if (count >= MOST_ROWS) throw new FileProblem(oversizedReview());
      count += 1;
      yield lineOf(row);
    }
    yield lineOf({ is: 'end', count });
  };
  return asResult(async () => {
    try {
      await pipeline(
        lines(),
        createGzip(),
        (packed: AsyncIterable<Buffer>) => seal(packed, holds, passphrase),
        createWriteStream(part, { mode: 0o600 }),
      );
      await rename(part, path);
      return ok({ path, count });
    } catch (error) {
      await rm(part, { force: true });
      if (isOfTheDisk(error)) return fail(fileUnusable(path, error));
      throw error;
    }
  });
}

export interface Shape<Manifest extends z.ZodType, Row extends z.ZodType> {
  readonly holds: Holds;
  readonly manifest: Manifest;
  readonly row: Row;
}

/**
 * Reads a sealed file, row by row. `work` gets the manifest and the rows, which it must read to their end; what it did is
 * for it to undo when this fails, for a damaged file shows its damage only when it is met.
 * Problems: those of `unseal`, `holdsPlan`, `holdsDecisions`, `unreadableRows`, `oversizedReview`, `fileUnusable`.
 */
export async function readLines<Manifest extends z.ZodType, Row extends z.ZodType, T>(
  path: string,
  passphrase: string,
  shape: Shape<Manifest, Row>,
  work: (manifest: z.output<Manifest>, rows: AsyncGenerator<z.output<Row>, void, void>) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  return asResult(async () => {
    const file = createReadStream(path, { highWaterMark: 256 * 1024 });
    try {
      const unsealed = await unseal(file, passphrase);
      if (!unsealed.ok) return unsealed;
      if (unsealed.value.holds !== shape.holds) return fail(otherContents(unsealed.value.holds));
      return await pipeline(unsealed.value.contents, createGunzip(), (unpacked: AsyncIterable<Buffer>) =>
        readAll(unpacked, shape, work),
      );
    } catch (error) {
      if (isOfTheDisk(error)) return fail(fileUnusable(path, error));
      if (isOfThePacking(error)) return fail(damagedReview('contents'));
      throw error;
    } finally {
      file.destroy();
    }
  });
}

async function readAll<Manifest extends z.ZodType, Row extends z.ZodType, T>(
  unpacked: AsyncIterable<Buffer>,
  shape: Shape<Manifest, Row>,
  work: (manifest: z.output<Manifest>, rows: AsyncGenerator<z.output<Row>, void, void>) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  const lines = linesOf(unpacked);
  const first = await lines.next();
  const top: unknown = first.done === true ? null : JSON.parse(first.value);
  const manifest = shape.manifest.safeParse(top);
  if (!manifest.success) return fail(unreadableRows());
  return work(manifest.data, rowsOf(lines, shape.row));
}

async function* rowsOf<Row extends z.ZodType>(
  lines: AsyncIterable<string>,
  schema: Row,
): AsyncGenerator<z.output<Row>, void, void> {
  let count = 0;
  for await (const line of lines) {
    const read: unknown = JSON.parse(line);
    const end = End.safeParse(read);
    if (end.success && end.data.count === count) return;
    const row = schema.safeParse(read);
    if (!row.success) throw new FileProblem(unreadableRows());
    count += 1;
    if (count > MOST_ROWS) throw new FileProblem(oversizedReview());
    yield row.data;
  }
  throw new FileProblem(damagedReview('end'));
}

async function* linesOf(unpacked: AsyncIterable<Buffer>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const piece of unpacked) {
    held += decoder.decode(piece, { stream: true });
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    yield* lines;
    if (held.length > LONGEST_LINE) throw new FileProblem(oversizedReview());
  }
}

/** A key that stands before the mask of a sensitive value is of no use elsewhere, so it does not travel (I19). */
const KEYED = /mac:[0-9a-f]{32}:/g;

const lineOf = (value: object): string =>
  `${JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? inner.replaceAll(KEYED, '') : inner))}\n`;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
const isOfTheDisk = (error: unknown): boolean => /^E[A-Z]+$/.test(codeOf(error));
const isOfThePacking = (error: unknown): boolean => codeOf(error).startsWith('Z_') || error instanceof SyntaxError;
