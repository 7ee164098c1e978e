import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../shared/contract/contract.ts';
import type { RunView } from '../shared/contract/views.ts';

/** The one file that knows how calls travel. Everything else sees a typed client and failures with a kind. */
export type Client = ContractRouterClient<Contract>;
export type ProblemView = RunView['problems'][number];

/** `gone`: the wire was lost; `internal`: the host met a defect and logged it. The rest is declared by the contract. */
export type FailureKind = 'busy' | 'stale' | 'refused' | 'notFound' | 'gone' | 'internal';
export interface Failure {
  readonly kind: FailureKind;
  readonly problem: ProblemView | null;
}

const KIND_OF: Readonly<Record<string, FailureKind>> = {
  BUSY: 'busy',
  STALE: 'stale',
  REFUSED: 'refused',
  NOT_FOUND: 'notFound',
  BAD_REQUEST: 'refused',
};

/** Anything a call can reject with, as a failure that a screen can show. Never throws. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof ORPCError)) return { kind: 'gone', problem: null };
  const told: { readonly code: string; readonly data: unknown } = error;
  return { kind: KIND_OF[told.code] ?? 'internal', problem: isProblem(told.data) ? told.data : null };
}

/** Only the contract's declared errors carry one; a refused input carries the schema's complaints. */
const isProblem = (data: unknown): data is ProblemView =>
  typeof data === 'object' && data !== null && 'what' in data && 'todo' in data && 'notDone' in data;

declare global {
  interface Window {
    /** Set by the preload, where it can. */
    readonly tidsbroHost?: string;
  }
}

export interface WireEvents {
  readonly online: (client: Client) => void;
  readonly offline: () => void;
}

const PORT_MESSAGE = 'tidsbro:port';
const RETRY_MS = { first: 400, most: 5000 };

/** The preload says so before the page loads; the protocol says so where it could not. */
const inElectron = (): boolean => location.protocol === 'app:' || window.tidsbroHost === 'electron';

const isPortMessage = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === PORT_MESSAGE;

/**
 * Keeps one client alive for as long as the page lives, and says when it comes and goes.
 * The wire itself never reconnects: each connection is a new client, so nothing half-sent is ever repeated.
 * Returns a function that stops trying.
 */
export function keepConnected(events: WireEvents): () => void {
  return inElectron() ? awaitPorts(events) : keepSocket(events);
}

function awaitPorts(events: WireEvents): () => void {
  const onMessage = (event: MessageEvent): void => {
    const port = event.ports[0];
    if (event.source !== window || port === undefined || !isPortMessage(event.data)) return;
    port.addEventListener('close', () => events.offline());
    const client: Client = createORPCClient(new PortLink({ port }));
    port.start();
    events.online(client);
  };
  window.addEventListener('message', onMessage);
  return () => window.removeEventListener('message', onMessage);
}

function keepSocket(events: WireEvents): () => void {
  let waitMs = RETRY_MS.first;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket;
  const open = (): void => {
    socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`);
    socket.addEventListener('open', () => {
      waitMs = RETRY_MS.first;
      events.online(createORPCClient(new SocketLink({ websocket: socket })));
    });
    socket.addEventListener('close', () => {
      events.offline();
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(waitMs * 2, RETRY_MS.most);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    socket.close();
  };
}
