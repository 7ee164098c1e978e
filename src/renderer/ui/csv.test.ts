import { array, assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText } from './csv.ts';

const cellOf = (value: string): string => csvText([[value]]).slice(1, -2);

describe('csvText', () => {
  it.each([
    { value: '=HYPERLINK("http://x")', is: '"\'=HYPERLINK(""http://x"")"' },
    { value: '+4722334455', is: "'+4722334455" },
    { value: '-1', is: "'-1" },
    { value: '@SUM(A1)', is: "'@SUM(A1)" },
    { value: '\tx', is: "'\tx" },
    { value: '\rx', is: '"\'\rx"' },
    { value: 'Åse, Vik', is: '"Åse, Vik"' },
    { value: 'a;b', is: '"a;b"' },
    { value: 'to\nlinjer', is: '"to\nlinjer"' },
    { value: '', is: '' },
    { value: 'a=b', is: 'a=b' },
  ])('$value', ({ value, is }) => expect(cellOf(value)).toBe(is));

  it('opens with æøå in their place', () => expect(csvText([['æøå']])).toBe('\uFEFFæøå\r\n'));

  it('no cell of any value begins as a formula', () =>
    assert(
      property(string({ unit: 'grapheme' }), (value) => {
        expect(cellOf(value).replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r]/);
      }),
    ));

  it('every cell is still there, and nothing else', () =>
    assert(
      property(array(string({ maxLength: 5 }), { minLength: 1, maxLength: 4 }), (row) => {
        const cells = csvText([row])
          .slice(1, -2)
          .match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g);
        expect((cells ?? []).slice(0, row.length)).toHaveLength(row.length);
      }),
    ));
});
