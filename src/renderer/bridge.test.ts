import { describe, expect, it, vi } from 'vitest';
import { failureOf, keepConnected } from './bridge.ts';
import type { Client } from './bridge.ts';
import { aProblem, fakeHost } from './testing/fake-host.ts';

const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.unreachable('it should have been refused'),
    (error: unknown) => error,
  );

describe('failureOf', () => {
  it('a declared error brings what happened, what was not done and what to do', async () => {
    const { client } = fakeHost({ busy: aProblem });
    expect(failureOf(await rejection(client.sync.start({})))).toEqual({ kind: 'busy', problem: aProblem });
  });

  it('an item that ended is told as such', async () => {
    const { client } = fakeHost();
    expect(failureOf(await rejection(client.review.get({ id: 1 })))).toMatchObject({
      kind: 'notFound',
      problem: { what: 'It has ended.' },
    });
  });

  it('input that the schema refuses has no problem text of its own', async () => {
    const { client } = fakeHost();
    expect(failureOf(await rejection(client.review.decide({ ids: [], take: 'approve' })))).toEqual({
      kind: 'refused',
      problem: null,
    });
  });

  it('anything else means that the wire is lost', () =>
    expect(failureOf(new Error('socket closed'))).toEqual({ kind: 'gone', problem: null }));
});

class FakeSocket extends EventTarget {
  static readonly opened: FakeSocket[] = [];
  readonly readyState = 1;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.opened.push(this);
  }
  send(): void {}
  close(): void {}
}

describe('keepConnected, web host', () => {
  it('makes a new client for each new wire, and says when there is none', () => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', FakeSocket);
    const clients: Client[] = [];
    const offline = vi.fn<() => void>();
    const stop = keepConnected({ online: (client) => clients.push(client), offline });
    const [first] = FakeSocket.opened;
    expect(first?.url).toBe(`ws://${location.host}/rpc`);
    first?.dispatchEvent(new Event('open'));
    first?.dispatchEvent(new Event('close'));
    expect(offline).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    FakeSocket.opened[1]?.dispatchEvent(new Event('open'));
    expect(clients).toHaveLength(2);
    expect(clients[0]).not.toBe(clients[1]);
    stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
});

const hand = (data: unknown, source: Window | null): void => {
  const event = new MessageEvent('message', { data, source });
  Object.defineProperty(event, 'ports', { value: [new MessageChannel().port1] });
  window.dispatchEvent(event);
};

describe('keepConnected, Electron', () => {
  it('takes a port from its own window only, and only under its name', async () => {
    vi.stubGlobal('tidsbroHost', 'electron');
    const online = vi.fn<(client: Client) => void>();
    const stop = keepConnected({ online, offline: () => undefined });
    hand({ type: 'tidsbro:port' }, null);
    hand({ type: 'other' }, window);
    expect(online).not.toHaveBeenCalled();
    hand({ type: 'tidsbro:port' }, window);
    expect(online).toHaveBeenCalledTimes(1);
    stop();
    vi.unstubAllGlobals();
  });
});
