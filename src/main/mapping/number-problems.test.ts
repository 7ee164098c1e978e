import { describe, expect, it } from 'vitest';
import { defaultMapping } from './default-mapping.ts';
import { FieldDeclaration } from './field-declaration.ts';
import type { FlowMapping } from './mapping.ts';
import { numberProblems } from './number-problems.ts';

const usual = defaultMapping().find(({ kind }) => kind === 'employee');
const ranged = (from: number, to: number): FlowMapping => {
  if (usual === undefined) throw new Error('employees have a default mapping');
  return { ...usual, create: { ...usual.create, tidsbanken: { ...usual.create.tidsbanken, numbers: { from, to } } } };
};
const fields = (id: object) => ({ customerp: {}, tidsbanken: { Id: FieldDeclaration.parse(id) } });
const chosen = { customerp: null, tidsbanken: 'Id' };

describe('K8: a range of numbers for new records', () => {
  it.each<[string, object, Parameters<typeof numberProblems>[2], string[]]>([
    ['fits a field of whole numbers', { json: 'integer' }, chosen, []],
    ['fits a field that is long enough', { json: 'string', maxLength: 5 }, chosen, []],
    [
      'is refused where its end would be cut',
      { json: 'string', maxLength: 4 },
      chosen,
      ['“10000” cannot be the number'],
    ],
    ['is refused where the field cannot hold one', { json: 'boolean' }, chosen, ['cannot be the number']],
    ['is refused where it is never written', { json: 'integer', readOnly: true }, chosen, ['cannot be the number']],
    [
      'is refused where the system numbers by itself',
      { json: 'integer' },
      { customerp: null, tidsbanken: null },
      ['by itself'],
    ],
    ['is refused where no key is sent', { json: 'integer' }, { customerp: null, tidsbanken: 'Nr' }, ['No key']],
  ])('%s', (_what, id, chosenId, says) => {
    const at = ['create', 'numbers', 'inTidsbanken'];
    const problems = numberProblems(ranged(9_990, 10_000), fields(id), chosenId);
    expect(problems.map((problem) => problem.at)).toEqual(says.map(() => at));
    for (const [index, text] of says.entries()) expect(problems[index]?.what).toContain(text);
  });

  it('is not looked at where there is none', () => {
    expect(usual === undefined ? [] : numberProblems(usual, fields({ json: 'boolean' }), chosen)).toEqual([]);
  });
});
