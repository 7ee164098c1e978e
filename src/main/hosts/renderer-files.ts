import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

export interface RendererFile {
  readonly body: Buffer;
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

/**
 * The built window, by URL path. The folder is listed once and a request can only name what was listed, so no spelling
 * of a path (dots, escapes, links made later) reaches a file outside it. Rejects when the window has not been built.
 */
export async function rendererFiles(dir: string): Promise<(path: string) => Promise<RendererFile | null>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = new Map(
    entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(dir.length).split(sep).join('/'), file]),
  );
  return async (path) => {
    const file = files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return null;
    return { body: await readFile(file), type: TYPES[extname(file)] ?? 'application/octet-stream' };
  };
}

/**
 * No script but our own, no eval, no frame, no form. Styles inline because the component library writes them.
 * @param socket origin of the web socket, where the host uses one
 */
export const contentSecurityPolicy = (socket?: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self'${socket === undefined ? '' : ` ${socket}`}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
