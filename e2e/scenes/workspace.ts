import type { Page } from '@playwright/test';
import { start } from '../../src/main/hosts/cli/cli.fixture.ts';
import type { Demo } from '../../src/main/hosts/cli/cli.fixture.ts';
import { linkOf } from '../serve.ts';

/** Opens the page on the workspace of a demo, for as long as `work` takes. */
export async function inWorkspace(page: Page, demo: Demo, work: () => Promise<void>): Promise<void> {
  const host = start(['serve', '--json', '--workspace', demo.dir]);
  try {
    await page.goto(await linkOf(host));
    await work();
  } finally {
    host.child.kill();
    await host.ended;
  }
}
