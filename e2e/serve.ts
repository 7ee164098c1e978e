import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Running } from '../src/main/hosts/cli/cli.fixture.ts';

const Served = z.object({ link: z.url() });

/** The one-time link that a `serve --json` prints. Rejects with what it said when it ends before. */
export async function linkOf({ child, ended }: Running): Promise<string> {
  if (child.stdout === null) throw new Error('serve has no stdout');
  for await (const line of createInterface({ input: child.stdout })) return Served.parse(JSON.parse(line)).link;
  throw new Error(`serve ended: ${(await ended).stderr}`);
}
