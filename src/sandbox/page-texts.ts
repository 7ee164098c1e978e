import type { Row } from './store.ts';

interface Page {
  readonly rows: readonly Row[];
  readonly text: Buffer;
}

/** Below this a page is made anew: looking it up would cost as much. */
const WORTH_KEEPING = 50;
const MOST_KEPT = 8192;

/**
 * Pages of a listing as they were last sent. A row is never changed in place, so a page whose rows are the same ones
 * is the same text; whatever else shapes the text (fields, switches) belongs in its name.
 */
export class PageTexts {
  readonly #pages = new Map<string, Page>();

  /** `[{…},{…}]` in UTF-8. */
  list(name: string, rows: readonly Row[], write: (rows: readonly Row[]) => string): Buffer {
    const [first] = rows;
    if (first === undefined || rows.length < WORTH_KEEPING) return Buffer.from(write(rows));
    const key = `${name}\n${first.key}\n${rows.length}`;
    const known = this.#pages.get(key);
    if (known !== undefined && known.rows.every((row, at) => row === rows[at])) return known.text;
    const text = Buffer.from(write(rows));
    if (this.#pages.size >= MOST_KEPT) this.#pages.clear();
    this.#pages.set(key, { rows, text });
    return text;
  }
}

/** A JSON object whose first members are given, then one list under a name, then the last members. */
export function pageBody(before: object, name: string, list: Buffer, after: object): Buffer {
  const head = JSON.stringify(before).slice(0, -1);
  const tail = JSON.stringify(after).slice(1);
  const comma = head === '{' ? '' : ',';
  return Buffer.concat([
    Buffer.from(`${head}${comma}${JSON.stringify(name)}:`),
    list,
    Buffer.from(tail === '}' ? tail : `,${tail}`),
  ]);
}
