import { protocol } from 'electron';
import { contentSecurityPolicy, rendererFiles } from '../renderer-files.ts';

/** The window's own scheme: with file privileges fused off, module scripts on `file://` would be refused. */
export function claimScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built window at `app://ui/`, and nothing else anywhere. */
export async function serveScheme(rendererDir: string): Promise<void> {
  const fileAt = await rendererFiles(rendererDir);
  const headers = { 'content-security-policy': contentSecurityPolicy(), 'x-content-type-options': 'nosniff' };
  protocol.handle('app', async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    const file = host === 'ui' && method === 'GET' ? await fileAt(pathname) : null;
    if (file === null) return new Response('There is nothing here.', { status: 404, headers });
    return new Response(new Uint8Array(file.body), { headers: { ...headers, 'content-type': file.type } });
  });
}
