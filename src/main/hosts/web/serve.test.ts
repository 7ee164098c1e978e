import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '../../../shared/contract/contract.ts';
import { fail } from '../../../shared/domain.ts';
import type { AppService } from '../../app/app-service.ts';
import { openLog } from '../../log/log.ts';
import { answering } from '../engine/answering.ts';
import { serve } from './serve.ts';
import type { WebHost } from './serve.ts';

const BUSY = { kind: 'busy', what: 'A run is under way.', notDone: 'Nothing was started.', todo: 'Wait for it.' };

let left: PromiseWithResolvers<unknown>;
const answers: Partial<AppService> = {
  journal: async () => ({ total: 0, rows: [] }),
  startRun: async () => fail(BUSY),
  async *progress(signal: AbortSignal | undefined) {
    yield null;
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    left.resolve(undefined);
  },
};
const service = answers as AppService;

let folder: string;
let host: WebHost;
beforeEach(async () => {
  left = Promise.withResolvers();
  folder = await mkdtemp(join(tmpdir(), 'tidsbro-web-'));
  await mkdir(join(folder, 'out', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not for the window');
  await writeFile(join(folder, 'out', 'index.html'), '<title>Tidsbro</title>');
  await writeFile(join(folder, 'out', 'assets', 'index.js'), 'export {};');
  await writeFile(join(folder, 'out', 'assets', 'index.js.map'), '{}');
  const log = openLog({ TIDSBRO_LOG: 'silent' });
  host = await serve({ connect: answering(() => service, log), rendererDir: join(folder, 'out'), port: 0, log });
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The path goes out as it stands: fetch would tidy it up, and hide what is tested here. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  const { hostname, port } = new URL(host.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, agent: false }, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (part: string) => (body += part));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body }));
    });
    sent.on('error', reject).end();
  });
}

const ticketPath = (): string => host.link.slice(host.url.length);

async function enter(): Promise<string> {
  const { headers } = await ask(ticketPath());
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** The status by which the upgrade was refused, or 101. */
function knock(path: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(host.url.replace('http', 'ws') + path, { headers });
  return new Promise((resolve) => {
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (_, reply) => resolve(reply.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}

describe('the one-time link', () => {
  it('is exchanged for a cookie that scripts and other sites never see', async () => {
    const entered = await ask(ticketPath());
    expect(entered).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(entered.headers['set-cookie']?.[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
  });
  it('works once', async () => {
    await enter();
    const again = await ask(ticketPath());
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
  });
  it('is known to be used once a browser is let in by it, and not before', async () => {
    await ask('/?ticket=guess');
    expect(host.isUsed()).toBe(false);
    await enter();
    expect(host.isUsed()).toBe(true);
  });
  it('may be loaded again by the browser that used it, and gives no second cookie', async () => {
    const cookie = await enter();
    const again = await ask(ticketPath(), { cookie });
    expect(again.status).toBe(303);
    expect(again.headers['set-cookie']).toBeUndefined();
  });
  it.each(['/?ticket=', '/?ticket=guess', '/assets/index.js?ticket=guess'])('is not guessed: %s', async (path) => {
    expect((await ask(path)).status).toBe(403);
  });
});

describe('each request', () => {
  it('gets the window with the cookie, under a policy without eval or foreign scripts', async () => {
    const cookie = await enter();
    const page = await ask('/', { cookie });
    expect(page).toMatchObject({ status: 200, body: '<title>Tidsbro</title>' });
    const policy = page.headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toContain('unsafe-eval');
    expect((await ask('/assets/index.js', { cookie })).headers['content-type']).toMatch('text/javascript');
  });
  it('without a cookie, or with a wrong one, gets nothing', async () => {
    expect((await ask('/')).status).toBe(403);
    const name = (await enter()).split('=')[0] ?? '';
    expect((await ask('/', { cookie: `${name}=guess` })).status).toBe(403);
  });
  it('with a foreign Host gets nothing (DNS rebinding)', async () => {
    const cookie = await enter();
    const { port } = new URL(host.url);
    expect((await ask('/', { cookie, host: `tidsbro.example:${port}` })).status).toBe(403);
    expect((await ask('/', { cookie, host: '127.0.0.1:1' })).status).toBe(403);
  });
  it.each(['http://example.org', 'null', 'http://127.0.0.1:1'])('with Origin %s gets nothing', async (origin) => {
    const cookie = await enter();
    expect((await ask('/', { cookie, origin })).status).toBe(403);
  });
  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/assets/index.js.map',
    '/assets',
    '/nothing.js',
  ])('reaches no file outside the window: %s', async (path) => {
    const cookie = await enter();
    const reply = await ask(path, { cookie });
    expect(reply.status).toBe(404);
    expect(reply.body).not.toContain('not for the window');
  });
  it('that would change something is not known', async () => {
    const cookie = await enter();
    expect((await ask('/', { cookie }, 'POST')).status).toBe(404);
  });
});

describe('the socket', () => {
  it('opens with Host, Origin and cookie', async () => {
    expect(await knock('/rpc', { cookie: await enter(), origin: host.url })).toBe(101);
  });
  it.each<[string, string, (cookie: string) => Record<string, string>, number]>([
    ['without a cookie', '/rpc', () => ({ origin: host.url }), 403],
    ['without an Origin', '/rpc', (cookie) => ({ cookie }), 403],
    ['from another Origin', '/rpc', (cookie) => ({ cookie, origin: 'http://example.org' }), 403],
    [
      'with a foreign Host',
      '/rpc',
      (cookie) => ({ cookie, host: 'tidsbro.example', origin: 'http://tidsbro.example' }),
      403,
    ],
    ['at another path', '/other', (cookie) => ({ cookie, origin: host.url }), 404],
  ])('stays shut %s', async (_, path, headers, status) => {
    expect(await knock(path, headers(await enter()))).toBe(status);
  });
});

async function connect(): Promise<{ client: ContractRouterClient<Contract>; socket: WebSocket }> {
  const headers = { cookie: await enter(), origin: host.url };
  const socket = new WebSocket(`${host.url.replace('http', 'ws')}/rpc`, { headers });
  const client: ContractRouterClient<Contract> = createORPCClient(
    new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
  );
  return { client, socket };
}

describe('the contract over the socket', () => {
  it('answers, and refuses input that the schema does not know', async () => {
    const { client, socket } = await connect();
    expect(await client.runs.journal({})).toEqual({ total: 0, rows: [] });
    await expect(client.runs.journal({ limit: 5000 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    socket.close();
  });
  it('is known to have told a window something once the first answer has left', async () => {
    const { client, socket } = await connect();
    const first = Promise.race([host.told.then(() => 'told'), once(socket, 'open').then(() => 'open')]);
    expect(await first, 'nothing is told before it is asked for').toBe('open');
    await client.runs.journal({});
    await host.told;
    socket.close();
  });
  it('tells a declared problem with all that a person needs', async () => {
    const { client, socket } = await connect();
    await expect(client.sync.start({})).rejects.toMatchObject({ code: 'BUSY', defined: true, data: BUSY });
    socket.close();
  });
  it('ends the stream of progress when the window leaves', async () => {
    const { client, socket } = await connect();
    const stream = await client.sync.progress();
    expect(await stream.next()).toMatchObject({ value: null });
    socket.close();
    await left.promise;
  });
});
