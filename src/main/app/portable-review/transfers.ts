import { randomUUID } from 'node:crypto';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { notFound } from '../refusals.ts';
import { fileUnusable, oversizedReview } from './problems.ts';

/** Bytes of a piece that a window is handed or hands over; the wire takes messages of 1 MB. */
export const PIECE = 256 * 1024;
const LARGEST = 2 * 1024 * 1024 * 1024;
/** A window that was left half-way leaves its file; older ones give way. */
const MOST_AT_ONCE = 4;

/**
 * Sealed files on their way to and from a window, which has no files of its own: kept in a temporary folder, handed over
 * piece by piece, and gone with the service. They are sealed all the while.
 */
export class Transfers {
  #dir: Promise<string> | null = null;
  readonly #paths = new Map<string, string>();

  /** A place for one file. */
  async place(): Promise<{ readonly id: string; readonly path: string }> {
    for (const old of [...this.#paths.keys()].slice(0, Math.max(0, this.#paths.size - MOST_AT_ONCE + 1)))
      await this.remove(old);
    const id = randomUUID();
    this.#dir ??= mkdtemp(join(tmpdir(), 'tidsbro-review-'));
    const path = join(await this.#dir, id);
    this.#paths.set(id, path);
    return { id, path };
  }

  pathOf(id: string): Result<string, Problem> {
    const path = this.#paths.get(id);
    return path === undefined ? fail(notFound('This file is no longer kept.')) : ok(path);
  }

  /** A piece from `offset` on as base64; empty at the end. */
  async read(id: string, offset: number): Promise<Result<string, Problem>> {
    const path = this.pathOf(id);
    if (!path.ok) return path;
    const file = await open(path.value, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE), 0, PIECE, offset);
      return ok(buffer.toString('base64', 0, bytesRead));
    } finally {
      await file.close();
    }
  }

  /** Appends a base64 piece, which must follow what is there; without an id it begins a file. */
  async take(
    known: string | null,
    offset: number,
    piece: string,
  ): Promise<Result<{ readonly id: string; readonly length: number }, Problem>> {
    const id = known ?? (await this.place()).id;
    const path = this.pathOf(id);
    if (!path.ok) return path;
    if (offset >= LARGEST) return fail(oversizedReview());
    const file = await open(path.value, 'a', 0o600);
    try {
      const { size } = await file.stat();
      if (size !== offset)
        return fail(fileUnusable('The file', new Error('its pieces did not come one after the other')));
      const bytes = Buffer.from(piece, 'base64');
      await file.write(bytes);
      return ok({ id, length: offset + bytes.length });
    } finally {
      await file.close();
    }
  }

  async sizeOf(path: string): Promise<number> {
    return (await stat(path)).size;
  }

  async remove(id: string): Promise<void> {
    const path = this.#paths.get(id);
    this.#paths.delete(id);
    if (path !== undefined) await rm(path, { force: true });
  }

  async close(): Promise<void> {
    if (this.#dir !== null) await rm(await this.#dir, { recursive: true, force: true });
    this.#dir = null;
    this.#paths.clear();
  }
}
