/** Which addresses the window trusts. Pure, so that it is tested where Electron is not installed. */

export const APP_URL = 'app://ui/';

/** Same place, judged by the parsed URL: `app://ui.example/` must not pass for ours. */
export function isOurPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return protocol === 'app:' && host === 'ui';
}

/** http or https, at the origin of one of the systems. */
export function opensSystems(urls: readonly string[]): (url: string) => boolean {
  const origins = new Set(urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin));
  return (url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && origins.has(new URL(url).origin);
}
