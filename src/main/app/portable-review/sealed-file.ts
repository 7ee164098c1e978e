import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { z } from 'zod';
import { fail, ok } from '../../../shared/domain.ts';
import type { Problem, Result } from '../../../shared/domain.ts';
import { FileProblem, damagedReview, newerReview, notAReview, oversizedReview, wrongPassphrase } from './problems.ts';

/**
 * The envelope of a review file (docs/decisions/0009-portable-review.md): two lines of text, then sealed chunks.
 * Line 1, the head: JSON with everything that a reader needs beside the passphrase; it is authenticated by every chunk.
 * Line 2: a checksum of line 1, which tells damage, and a keyed one, which tells a wrong passphrase.
 * Chunks: AES-256-GCM with a counter and an end mark in the nonce, so that none can be left out, moved or cut off unseen.
 */

export const SEALED_VERSION = 1;
export const LEAST_PASSPHRASE = 12;

const FORMAT = 'tidsbro-review';
const CHUNK = 64 * 1024;
const TAG = 16;
const NONCE_PREFIX = 7; // with 4 bytes of counter and the end mark: the 12 bytes that GCM takes
const MOST_CHUNKS = 0xff_ff; // 4 GB; the counter could count further
const LARGEST_HEAD = 2048;
/** OWASP's advice for scrypt; 128 MB for about half a second. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
/** What a reader is willing to spend: a head could ask for any. */
const MOST_MEMORY = 300 * 1024 * 1024;

const bytes = (length: number) =>
  z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((buffer) => buffer.length === length);

const Head = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(SEALED_VERSION),
  holds: z.enum(['plan', 'decisions']),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    N: z.union([z.literal(2 ** 14), z.literal(2 ** 15), z.literal(2 ** 16), z.literal(2 ** 17)]),
    r: z.literal(8),
    p: z.number().int().min(1).max(4),
    salt: bytes(16),
  }),
  cipher: z.strictObject({ name: z.literal('aes-256-gcm'), chunk: z.literal(CHUNK), nonce: bytes(NONCE_PREFIX) }),
});
const Versioned = z.object({ version: z.number().int().gt(SEALED_VERSION) });
export type Holds = z.output<typeof Head>['holds'];

interface Seal {
  readonly key: Buffer;
  readonly nonce: Buffer;
  /** Line 1 as it stands in the file. */
  readonly head: Buffer;
}

/**
 * Seals what comes, chunk by chunk; the first piece is the two lines.
 * @param cost of the passphrase; tests take a cheaper one
 */
export async function* seal(
  source: AsyncIterable<Buffer>,
  holds: Holds,
  passphrase: string,
  cost: typeof COST = COST,
): AsyncGenerator<Buffer> {
  const salt = randomBytes(16);
  const nonce = randomBytes(NONCE_PREFIX);
  const head = Buffer.from(
    JSON.stringify({
      format: FORMAT,
      version: SEALED_VERSION,
      holds,
      kdf: { name: 'scrypt', ...cost, salt: salt.toString('base64') },
      cipher: { name: 'aes-256-gcm', chunk: CHUNK, nonce: nonce.toString('base64') },
    }),
  );
  const { key, checkKey } = await keysOf(passphrase, { ...cost, salt });
  yield Buffer.from(`${head.toString()}\n${checksumOf(head)} ${checkOf(head, checkKey)}\n`);
  let index = 0;
  for await (const { chunk, last } of chunksOf(source, CHUNK)) {
    if (index >= MOST_CHUNKS) throw new FileProblem(oversizedReview());
    yield sealChunk({ key, nonce, head }, chunk, index, last);
    index += 1;
  }
}

/** What the file says of itself, and its contents once they are unsealed. */
export interface Unsealed {
  readonly holds: Holds;
  readonly contents: AsyncIterable<Buffer>;
}

/**
 * Reads the head and tries the passphrase; the contents come as they are read, each chunk proven before it is handed on.
 * Problems: `notAReview`, `newerReview`, `damagedReview`, `wrongPassphrase`. `contents` throws them as FileProblem.
 */
export async function unseal(source: AsyncIterable<Buffer>, passphrase: string): Promise<Result<Unsealed, Problem>> {
  const iterator = source[Symbol.asyncIterator]();
  const top = await topOf(iterator);
  if (!top.ok) return top;
  const { head, sums, rest } = top.value;
  const parsed = headOf(head, sums[0] ?? '');
  if (!parsed.ok) return parsed;
  const { kdf, cipher, holds } = parsed.value;
  const { key, checkKey } = await keysOf(passphrase, kdf);
  if (!sameText(checkOf(head, checkKey), sums[1] ?? '')) return fail(wrongPassphrase());
  return ok({ holds, contents: openChunks({ key, nonce: cipher.nonce, head }, after(rest, iterator)) });
}

interface Top {
  readonly head: Buffer;
  readonly sums: readonly string[];
  readonly rest: Buffer;
}

async function topOf(iterator: AsyncIterator<Buffer>): Promise<Result<Top, Problem>> {
  let read = Buffer.alloc(0);
  for (;;) {
    const first = read.indexOf('\n');
    const second = first === -1 ? -1 : read.indexOf('\n', first + 1);
    if (second !== -1) {
      const head = read.subarray(0, first);
      return ok({ head, sums: read.toString('latin1', first + 1, second).split(' '), rest: read.subarray(second + 1) });
    }
    if (read.length > LARGEST_HEAD) return fail(looksLikeOurs(read) ? damagedReview('head') : notAReview());
    const next = await iterator.next();
    if (next.done === true) return fail(looksLikeOurs(read) ? damagedReview('end') : notAReview());
    read = Buffer.concat([read, next.value]);
  }
}

const looksLikeOurs = (start: Buffer): boolean => start.toString('latin1', 0, 64).includes(FORMAT);

function headOf(head: Buffer, checksum: string): Result<z.output<typeof Head>, Problem> {
  if (!looksLikeOurs(head)) return fail(notAReview());
  if (checksumOf(head) !== checksum) return fail(damagedReview('head'));
  // The checksum fits, so this is what was written; what cannot be read was written by another version.
  const known: unknown = JSON.parse(head.toString());
  const parsed = Head.safeParse(known);
  if (parsed.success) return ok(parsed.data);
  const version = Versioned.safeParse(known);
  return fail(version.success ? newerReview(version.data.version) : damagedReview('head'));
}

async function* after(rest: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (rest.length > 0) yield rest;
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return;
    yield next.value;
  }
}

async function* openChunks(by: Seal, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let index = 0;
  for await (const { chunk, last } of chunksOf(source, CHUNK + TAG)) {
    if (index >= MOST_CHUNKS) throw new FileProblem(oversizedReview());
    yield openChunk(by, chunk, index, last);
    index += 1;
  }
}

function sealChunk({ key, nonce, head }: Seal, chunk: Buffer, index: number, last: boolean): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(nonce, index, last)).setAAD(head);
  return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
}

function openChunk(by: Seal, sealed: Buffer, index: number, last: boolean): Buffer {
  const opened = tryChunk(by, sealed, index, last);
  if (opened !== null) return opened;
  // A sound chunk without the end mark in the last place: what came after it is gone.
  const isCut = last && (sealed.length < TAG || tryChunk(by, sealed, index, false) !== null);
  throw new FileProblem(damagedReview(isCut ? 'end' : 'contents'));
}

function tryChunk({ key, nonce, head }: Seal, sealed: Buffer, index: number, last: boolean): Buffer | null {
  if (sealed.length < TAG) return null;
  const body = sealed.subarray(0, sealed.length - TAG);
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(nonce, index, last), { authTagLength: TAG })
    .setAAD(head)
    .setAuthTag(sealed.subarray(sealed.length - TAG));
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    return null;
  }
}

function nonceOf(prefix: Buffer, index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_PREFIX + 5);
  prefix.copy(nonce);
  nonce.writeUInt32BE(index, NONCE_PREFIX);
  nonce.writeUInt8(last ? 1 : 0, NONCE_PREFIX + 4);
  return nonce;
}

/** The source cut into pieces of one size; the last one is what is left, and there always is one. */
async function* chunksOf(
  source: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<{ readonly chunk: Buffer; readonly last: boolean }> {
  let held = Buffer.alloc(0);
  for await (const piece of source) {
    held = Buffer.concat([held, piece]);
    // Strictly more: only then is it known that this piece is not the last.
    while (held.length > size) {
      yield { chunk: held.subarray(0, size), last: false };
      held = held.subarray(size);
    }
  }
  yield { chunk: held, last: true };
}

interface Kdf {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
}

function keysOf(
  passphrase: string,
  { N, r, p, salt }: Kdf,
): Promise<{ readonly key: Buffer; readonly checkKey: Buffer }> {
  // One and the same å may be typed as one character or as two.
  const text = passphrase.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, 64, { N, r, p, maxmem: MOST_MEMORY }, (error, keys) => {
      if (error === null) resolve({ key: keys.subarray(0, 32), checkKey: keys.subarray(32) });
      else reject(error);
    });
  });
}

const checksumOf = (head: Buffer): string => createHash('sha256').update(head).digest('hex').slice(0, 32);
const checkOf = (head: Buffer, key: Buffer): string => createHmac('sha256', key).update(head).digest('hex');

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
