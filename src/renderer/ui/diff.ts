export interface Piece {
  readonly text: string;
  readonly same: boolean;
}
export interface Marked {
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
}

/** Beyond this the table of the longest common subsequence costs more than it shows. */
const LONGEST_COMPARED = 400;
/** Fewer common characters than this among the differing middle is chance, not likeness. */
const LEAST_LIKENESS = 0.4;

const commonPrefix = (a: readonly string[], b: readonly string[]): number => {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n += 1;
  return n;
};

/** lengths[i][j]: the longest common subsequence of a from i and b from j. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint16Array[] {
  const lengths = [new Uint16Array(b.length + 1)];
  for (const character of a.toReversed()) {
    const below = lengths[0] ?? [];
    const row = new Uint16Array(b.length + 1);
    for (let j = b.length - 1; j >= 0; j -= 1) {
      row[j] = character === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
    lengths.unshift(row);
  }
  return lengths;
}

function walk(a: readonly string[], b: readonly string[]): { before: boolean[]; after: boolean[] } {
  const lengths = commonLengths(a, b);
  const before = a.map(() => false);
  const after = b.map(() => false);
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      before[i] = true;
      after[j] = true;
      i += 1;
      j += 1;
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return { before, after };
}

const alike = (marks: readonly boolean[]): number => marks.filter(Boolean).length / Math.max(1, marks.length);

function pieces(characters: readonly string[], same: readonly boolean[]): readonly Piece[] {
  const out: { text: string; same: boolean }[] = [];
  characters.forEach((character, index) => {
    const lastPiece = out.at(-1);
    if (lastPiece !== undefined && lastPiece.same === same[index]) lastPiece.text += character;
    else out.push({ text: character, same: same[index] === true });
  });
  return out;
}

const ends = (length: number): boolean[] => Array.from({ length }, () => true);

/** Which characters of two values differ. Works on code points, so that no letter is cut in two. */
export function markDifference(beforeText: string, afterText: string): Marked {
  const a = Array.from(beforeText);
  const b = Array.from(afterText);
  const head = commonPrefix(a, b);
  const tail = commonPrefix(a.slice(head).toReversed(), b.slice(head).toReversed());
  const middleA = a.slice(head, a.length - tail);
  const middleB = b.slice(head, b.length - tail);
  const comparable = middleA.length <= LONGEST_COMPARED && middleB.length <= LONGEST_COMPARED;
  const walked = comparable ? walk(middleA, middleB) : null;
  const useful = walked !== null && Math.min(alike(walked.before), alike(walked.after)) >= LEAST_LIKENESS;
  const marksOf = (middle: readonly string[], marks: readonly boolean[] | undefined): readonly boolean[] => [
    ...ends(head),
    ...(useful && marks !== undefined ? marks : middle.map(() => false)),
    ...ends(tail),
  ];
  return { before: pieces(a, marksOf(middleA, walked?.before)), after: pieces(b, marksOf(middleB, walked?.after)) };
}
