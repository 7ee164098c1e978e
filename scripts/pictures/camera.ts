import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { Buffer } from 'node:buffer';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { atRest, openOverlay, settled, SLOW_MS, TEXTS } from '../../e2e/scenes/desk.ts';
import type { Desk, Language, Scene } from '../../e2e/scenes/desk.ts';
import type { Wire } from '../../e2e/scenes/wire.ts';

const LANGUAGES: readonly Language[] = ['en', 'nb'];
const SCHEMES = ['light', 'dark'] as const;
/** Text stays sharp, and a picture takes some 40 kB: there are four of each scene. */
const QUALITY = 50;

async function capture(page: Page): Promise<Buffer> {
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await devtools.detach();
  return Buffer.from(data, 'base64');
}

/** Takes the scene light and dark, as FOLDER/LANGUAGE/NAME-SCHEME.webp. */
async function take(folder: string, desk: Desk, scene: Scene): Promise<void> {
  const { page, language } = desk;
  await scene.show(desk);
  if (scene.overlay !== undefined) await openOverlay(desk, scene.overlay);
  if (scene.state !== 'loading') await settled(desk);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme, {
      timeout: SLOW_MS,
    });
    await atRest(page);
    const path = join(folder, language, `${scene.name}-${colorScheme}.webp`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await capture(page));
  }
}

/** All scenes, or those named as arguments, in both languages. One that is not to be found costs one picture, not all that come after it. */
export async function takeAll(folder: string, page: Page, wire: Wire, scenes: readonly Scene[]): Promise<void> {
  const named = process.argv.slice(2);
  for (const language of LANGUAGES)
    for (const scene of scenes.filter(({ name }) => named.length === 0 || named.includes(name)))
      await take(folder, { page, wire, language, t: TEXTS[language] }, scene)
        .catch((error: unknown) => {
          process.stderr.write(`${language}/${scene.name}: ${String(error)}\n`);
          process.exitCode = 1;
        })
        .finally(() => wire.set('through'));
}
