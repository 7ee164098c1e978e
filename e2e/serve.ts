import { z } from 'zod';
import type { Running } from '../src/main/hosts/cli/cli.fixture.ts';

const Served = z.object({ link: z.url() });

/** The one-time link that a `serve --json` prints. Rejects with what it said when it ends before. */
export async function linkOf({ firstLine, ended }: Running): Promise<string> {
  const line = await firstLine;
  if (line === null) throw new Error(`serve ended: ${(await ended).stderr}`);
  return Served.parse(JSON.parse(line)).link;
}
