import type { Client } from '../../../bridge.ts';

/** Bytes of a piece, as the host takes them. */
const PIECE = 256 * 1024;

const bytesOf = (piece: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(piece), (letter) => letter.codePointAt(0) ?? 0);

/** Fetches a file that the host has written, piece by piece. */
export async function fetchFile(client: Client, id: string): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let offset = 0; ;) {
    const { piece } = await client.portable.read({ id, offset });
    if (piece === '') return new Blob(pieces);
    const bytes = bytesOf(piece);
    pieces.push(bytes);
    offset += bytes.length;
  }
}

/** Hands a file over to the host, piece by piece; answers the id it has there. */
export async function sendFile(client: Client, file: Blob): Promise<string> {
  let taken: { id: string | null; length: number } = { id: null, length: 0 };
  do {
    const piece = await base64Of(file.slice(taken.length, taken.length + PIECE));
    taken = await client.portable.send({ id: taken.id, offset: taken.length, piece });
  } while (taken.length < file.size);
  return taken.id ?? '';
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const letters: string[] = [];
  // A call takes no more than some thousand arguments.
  for (let at = 0; at < bytes.length; at += 4096) letters.push(String.fromCodePoint(...bytes.subarray(at, at + 4096)));
  return btoa(letters.join(''));
}
