import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../shared/domain.ts';
import { FileProblem } from './problems.ts';
import { seal, unseal } from './sealed-file.ts';

/** The cheapest that a reader takes: what is tested here is not the cost. */
const CHEAP = { N: 2 ** 14, r: 8, p: 1 };
const PASSPHRASE = 'en blå hest på tunet';
const CHUNK = 64 * 1024;
const SEALED_CHUNK = CHUNK + 16;

async function* pieces(...all: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* all;
}

async function whole(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const sealed = (text: Buffer): Promise<Buffer> => whole(seal(pieces(text), 'plan', PASSPHRASE, CHEAP));

const told = ({ kind, facts }: Problem): string => [kind, facts?.['where'] ?? ''].join(' ').trim();

/** The contents, or the kind of the problem and where it was. */
async function opened(file: Buffer, passphrase = PASSPHRASE): Promise<Buffer | string> {
  const unsealed = await unseal(pieces(file), passphrase);
  if (!unsealed.ok) return told(unsealed.failure);
  try {
    return await whole(unsealed.value.contents);
  } catch (error) {
    if (error instanceof FileProblem) return told(error.problem);
    throw error;
  }
}

/** The start of the chunks. */
const bodyOf = (file: Buffer): number => file.indexOf('\n', file.indexOf('\n') + 1) + 1;

describe('a sealed file', () => {
  it('is opened as it was sealed, however it was cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 100_000 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 90_000 }),
        async (written, step) => {
          const text = Buffer.concat(written);
          const file = await whole(
            seal(pieces(...written.map((part) => Buffer.from(part))), 'plan', PASSPHRASE, CHEAP),
          );
          const read = Array.from({ length: Math.ceil(file.length / step) }, (_, i) =>
            file.subarray(i * step, (i + 1) * step),
          );
          const unsealed = await unseal(pieces(...read), PASSPHRASE);
          expect(unsealed.ok && (await whole(unsealed.value.contents)).equals(text)).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('never shows what it holds, and no two files are alike', async () => {
    const text = Buffer.from('Ansatt 12, Testesen');
    const [one, two] = [await sealed(text), await sealed(text)];
    expect(one.includes('Testesen')).toBe(false);
    expect(one.subarray(bodyOf(one)).equals(two.subarray(bodyOf(two)))).toBe(false);
  });

  it('takes a passphrase however its letters are composed', async () => {
    const file = await sealed(Buffer.from('x'));
    expect(String(await opened(file, PASSPHRASE.normalize('NFD')))).toBe('x');
  });

  it('tells a wrong passphrase from damage', async () => {
    const file = await sealed(Buffer.from('x'));
    expect(await opened(file, 'en rød hest på tunet')).toBe('wrongPassphrase');
    const body = Buffer.from(file);
    body.writeUInt8(body.readUInt8(body.length - 4) ^ 1, body.length - 4);
    expect(await opened(body)).toBe('damagedReview contents');
  });

  it('notices every flipped byte, and never blames the passphrase for one in the head or the contents', async () => {
    const file = await sealed(Buffer.from('plain'));
    const keyed = file.indexOf(' ', file.indexOf('\n')); // from here on, line 2 is the passphrase's own checksum
    for (let at = 0; at < file.length; at += 1) {
      const flipped = Buffer.from(file);
      flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
      const isCheck = at >= keyed && at < bodyOf(file);
      if (isCheck && at % 9 > 0) continue; // each costs a derivation, and all are alike
      const answer = await opened(flipped);
      expect(typeof answer, `byte ${String(at)}`).toBe('string');
      expect(isCheck || answer !== 'wrongPassphrase', `byte ${String(at)}`).toBe(true);
    }
  });

  const long = Buffer.alloc(3 * CHUNK, 'plan ');
  it.each([
    [
      'cut between two chunks',
      (file: Buffer) => file.subarray(0, bodyOf(file) + 2 * SEALED_CHUNK),
      'damagedReview end',
    ],
    ['cut before any', (file: Buffer) => file.subarray(0, bodyOf(file)), 'damagedReview end'],
    ['cut within one', (file: Buffer) => file.subarray(0, bodyOf(file) + 1000), 'damagedReview contents'],
    ['cut in the head', (file: Buffer) => file.subarray(0, 90), 'damagedReview end'],
    [
      'with two chunks exchanged',
      (file: Buffer) => {
        const at = bodyOf(file);
        return Buffer.concat([
          file.subarray(0, at),
          file.subarray(at + SEALED_CHUNK, at + 2 * SEALED_CHUNK),
          file.subarray(at, at + SEALED_CHUNK),
          file.subarray(at + 2 * SEALED_CHUNK),
        ]);
      },
      'damagedReview contents',
    ],
    ['with more after its end', (file: Buffer) => Buffer.concat([file, Buffer.from('more')]), 'damagedReview contents'],
    ['empty', () => Buffer.alloc(0), 'notAReview'],
    ['another file', () => Buffer.alloc(5000, 'PK\u0003\u0004'), 'notAReview'],
  ])('%s is told', async (_name, harm, expected) => {
    expect(await opened(harm(await sealed(long)))).toBe(expected);
  });

  it.each([
    ['of a newer version', (head: string) => head.replace('"version":1', '"version":9'), 'newerReview'],
    [
      'that asks for more memory than a reader gives',
      (head: string) => head.replace('"N":16384', '"N":1073741824'),
      'damagedReview head',
    ],
  ])('a head %s is refused before any work is done', async (_name, change, expected) => {
    const file = await sealed(Buffer.from('x'));
    const [head = '', sums = ''] = file.toString('latin1', 0, bodyOf(file)).split('\n');
    const changed = change(head);
    const sum = createHash('sha256').update(changed).digest('hex').slice(0, 32);
    const forged = Buffer.concat([
      Buffer.from(`${changed}\n${sum} ${sums.split(' ')[1] ?? ''}\n`),
      file.subarray(bodyOf(file)),
    ]);
    expect(await opened(forged)).toBe(expected);
  });
});
