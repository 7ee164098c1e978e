import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canon } from '../../mapping/canon.ts';
import { FieldDeclaration } from '../../mapping/field-declaration.ts';
import { asReceived, integerJson, parseLossless } from './lossless-json.ts';

const nested = (levels: number): string => '{"a":['.repeat(levels) + ']}'.repeat(levels);

describe('parseLossless', () => {
  it.each([
    { text: '9007199254740991', value: 9_007_199_254_740_991 },
    { text: '9007199254740993', value: '9007199254740993' },
    { text: '-9007199254740993', value: '-9007199254740993' },
    { text: '{"a":[12345678901234567890]}', value: { a: ['12345678901234567890'] } },
    { text: '1e400', value: '1e400' },
    { text: '25.0', value: 25 },
    { text: '0.1234567890123456789', value: '0.1234567890123456789' },
    { text: '[0.1,-2.5e-3,1E2,-0.0]', value: [0.1, -0.0025, 100, -0] },
    { text: '1e-400', value: '1e-400' },
    { text: '9007199254740993.5', value: '9007199254740993.5' },
    { text: '0.30000000000000004', value: 0.30000000000000004 },
    { text: '"12345678901234567890"', value: '12345678901234567890' },
  ])('$text', ({ text, value }) => expect(parseLossless(text)).toEqual(value));

  it('no integer loses a digit', () =>
    fc.assert(
      fc.property(fc.bigInt(), (n) => {
        expect(parseLossless(`["${n}",${n}]`)).toSatisfy(([text, read]) => text === String(read));
      }),
    ));

  it('2.2: no decimal loses a digit on its way to the canonical form', () => {
    const declaration = { json: 'number' } as const;
    const read = (text: string) => canon('decimal', parseLossless(text), FieldDeclaration.parse(declaration));
    expect(read('0.1234567890123456789')).toMatchObject({ value: '0.1234567890123456789' });
    expect(read('1e400')).toMatchObject({ value: `1${'0'.repeat(400)}` });
  });

  it('is JSON.parse for everything else', () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // In a list, as a text that is one number has nowhere to keep how it was written.
        const text = JSON.stringify([value]);
        expect(JSON.stringify(asReceived(parseLossless(text)))).toBe(text);
      }),
      { examples: [[Number.MIN_SAFE_INTEGER - 1]] },
    ));

  it('A4: no number is spelled otherwise, wherever it stands', () => {
    const digits = fc.stringMatching(/^[1-9]\d{0,24}$/);
    const fraction = fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,6}$/));
    const exponent = fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?\d{1,2}$/));
    const number = fc
      .tuple(fc.constantFrom('', '-'), fc.oneof(fc.constant('0'), digits), fraction, exponent)
      .map((parts) => parts.join(''));
    const place = fc.constantFrom(
      (n: string) => n,
      (n: string) => `[${n}]`,
      (n: string) => `["x",${n}]`,
      (n: string) => `[[],${n},{}]`,
      (n: string) => `{"a":${n}}`,
      (n: string) => `{"a\\"":{"b":1,"c":${n}}}`,
    );
    fc.assert(
      fc.property(number, place, fc.constantFrom('', ' ', '\n\t'), (source, at, space) => {
        const text = at(source);
        const spaced = text.replaceAll(/[[\]{},:]/g, (mark) => `${space}${mark}${space}`);
        const read = parseLossless(spaced);
        // A number that is the whole text has nobody to remember its spelling.
        const told = typeof read === 'object' ? JSON.stringify(asReceived(read)) : read;
        expect([text, Number(text)]).toContain(told);
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses what is nested so deeply that nobody could walk through it', () => {
    expect(() => parseLossless(nested(5_000))).toThrow(SyntaxError);
    expect(JSON.stringify(asReceived(parseLossless(nested(200))))).toBe(nested(200));
  });

  it.each(['', '{', '<html>', '{"a":1', 'NaN'])('refuses %j', (text) =>
    expect(() => parseLossless(text)).toThrow(SyntaxError),
  );
});

describe('asReceived', () => {
  it('A4, I6: numbers go back as they came, strings of digits stay strings', () => {
    const text =
      '{"a":25.0,"b":12345678901234567890,"c":"12345678901234567890","d":[1.50,{"e":1E2}],"f":null,' +
      '"g":0.1234567890123456789,"h":1e400,"i":-0.0,"j":{"k":[0.12345678901234567890]},"l":"0.1234567890123456789"}';
    expect(JSON.stringify(asReceived(parseLossless(text)))).toBe(text);
  });
});

it('integerJson writes a number, whatever its length', () => {
  expect(JSON.stringify({ id: integerJson('0012345678901234567890') })).toBe('{"id":12345678901234567890}');
});
