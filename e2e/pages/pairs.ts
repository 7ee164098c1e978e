import { z } from 'zod';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import type { Flow } from '../../src/shared/domain.ts';

const Records = z.object({
  rows: z.array(
    z.looseObject({ nativeId: z.string(), partnerId: z.string().nullable(), label: z.string(), bucket: z.string() }),
  ),
});

export interface LinkedPair {
  readonly customerp: string;
  readonly tidsbanken: string;
  readonly label: string;
}

/** The first linked pairs of a flow that are in step. Rejects when there are not so many. */
export async function pairsInStep(demo: Demo, count: number, flow: Flow = 'customer-kunde'): Promise<LinkedPair[]> {
  const { stdout } = await demo.tidsbro('records', '--flow', flow, '--side', 'customerp', '--json');
  const pairs = Records.parse(JSON.parse(stdout)).rows.flatMap(({ nativeId, partnerId, label, bucket }) =>
    partnerId === null || bucket !== 'inStep' ? [] : [{ customerp: nativeId, tidsbanken: partnerId, label }],
  );
  if (pairs.length < count) throw new Error(`The demo has ${String(pairs.length)} pairs in step.`);
  return pairs.slice(0, count);
}

/** The pair at that place; rejects the thought that it might not be there. */
export function pairAt(pairs: readonly LinkedPair[], index: number): LinkedPair {
  const pair = pairs[index];
  if (pair === undefined) throw new Error(`There is no pair ${String(index)}.`);
  return pair;
}
