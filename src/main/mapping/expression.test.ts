import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression, type Plain } from './expression.ts';

const compute = (text: string, value: Plain): unknown => {
  const compiled = compileExpression(text);
  if (!compiled.ok) throw new Error(compiled.failure);
  const result = compiled.value(value);
  return result.ok ? result.value : { failure: result.failure };
};

describe('a conversion computes', () => {
  it.each<[string, Plain, Plain]>([
    ['value * 100.0', 0.07, 7],
    ['value / 10.0', 75, 7.5],
    ['value == "N" ? "NO" : value', 'N', 'NO'],
    ['value == "-" ? empty : value', '-', null],
    ['value in ["J", "Y"]', 'Y', true],
    ['!value', true, false],
    ['value.substring(0, 2) + value.substring(3)', 'AB-CD', 'ABCD'],
    ['value.replace("-", "")', '1-2-3', '123'],
    ['value.padStart(4, "0")', '42', '0042'],
    ['value.upperAscii()', 'abc', 'ABC'],
    ['string(int(value))', '007', '7'],
  ])('%s of %j', (text, value, result) => {
    expect(compute(text, value)).toBe(result);
  });

  it('N4 what it cannot compute is a failure that does not tell the value (I19)', () => {
    const result = compute('value.substring(20)', 'secret');
    expect(result).toEqual({ failure: 'the conversion cannot be computed for this value' });
    expect(compute('value / 0.0', 1)).toEqual({ failure: 'the conversion gives no number' });
  });
});

describe('nothing but value, empty and a few functions is known', () => {
  it.each([
    ['a name', 'process', '“process”'],
    ['a way out of the value', 'value.constructor', '“.”'],
    ['an index', 'value["constructor"]', '“[]”'],
    ['a pattern, which may take for ever', 'value.matches("(a+)+$")', '“matches()”'],
    ['a loop', '[1, 2].map(x, x)', '“map()”'],
    ['a name for a part, by which texts double', 'cel.bind(x, value + value, x + x)', '“bind()”'],
    ['parts joined by long texts', 'value.split("").join(value)', '“join()”'],
    ['half an expression', 'value *', 'EOF'],
    ['types that never fit', '"a" * true', 'no such overload'],
    ['too much of it', Array.from({ length: 60 }, () => 'value').join('+'), 'max'],
  ])('%s', (_name, text, why) => {
    const compiled = compileExpression(text);
    expect(compiled.ok ? '' : compiled.failure.toLowerCase()).toContain(why.toLowerCase());
  });

  it('long texts are refused instead of built', () => {
    const long = 'a'.repeat(10_000);
    expect(compute('value.replace("a", value)', long)).toMatchObject({ failure: expect.any(String) as string });
    expect(compute('value + value', long)).toMatchObject({ failure: expect.any(String) as string });
    expect(compute('value', `${long}a`)).toMatchObject({ failure: expect.any(String) as string });
    expect(compute('value.padStart(100000000, "0")', '1')).toMatchObject({ failure: expect.any(String) as string });
  });
});

const isPlain = (given: unknown): boolean => ['string', 'number', 'boolean', 'object'].includes(typeof given);

it('any text is an expression or is told not to be; any value gives a plain one or a failure', () =>
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('value', 'string(value)', 'value + 1.0', '!value', 'size(value)')),
      fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)),
      (text, value) => {
        const compiled = compileExpression(text);
        const result = compiled.ok ? compiled.value(value) : compiled;
        expect(result.ok ? isPlain(result.value) : result.failure !== '').toBe(true);
      },
    ),
  ));
