import type { Page } from '@playwright/test';
import { z } from 'zod';
import { start } from '../src/main/hosts/cli/cli.fixture.ts';
import type { Running } from '../src/main/hosts/cli/cli.fixture.ts';

const Served = z.object({ link: z.url() });

/** The one-time link that a `serve --json` prints. Rejects with what it said when it ends before. */
export async function linkOf({ firstLine, ended }: Running): Promise<string> {
  const line = await firstLine;
  if (line === null) throw new Error(`serve ended: ${(await ended).stderr}`);
  return Served.parse(JSON.parse(line)).link;
}

/** Opens the page on a web host of its own, which ends with `work`. `where`: what it opens; nothing: the first start. */
export async function onHost(
  page: Page,
  where: readonly string[],
  work: () => Promise<void>,
  env?: Readonly<Record<string, string>>,
): Promise<void> {
  const host = start(['serve', '--json', ...where], env);
  try {
    await page.goto(await linkOf(host));
    await work();
  } finally {
    host.child.kill();
    await host.ended;
  }
}
