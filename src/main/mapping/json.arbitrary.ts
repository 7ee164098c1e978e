import * as fc from 'fast-check';
import type { Json } from '../../shared/json.ts';

/** For tests: any JSON value, nested ones included. */
export const anyJsonValue: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.boolean(),
    fc.array(tie('json')),
    fc.dictionary(fc.string(), tie('json')),
  ),
})).json;
