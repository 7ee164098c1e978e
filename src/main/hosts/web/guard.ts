import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a request must show: the right Host, no foreign Origin, and the session's cookie. */
export interface Guard {
  /** Opens the window once: `/?ticket=…`. */
  readonly ticket: string;
  /** Host is ours, and Origin, where there is one, is the same place. Without it a web page elsewhere could reach us. */
  isFromHere(request: IncomingMessage): boolean;
  hasCookie(request: IncomingMessage): boolean;
  /** True once for the ticket, false ever after. */
  redeem(ticket: string): boolean;
  readonly isUsed: () => boolean;
  /** The header that lets this browser in until it is closed. */
  setCookie(): string;
}

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** @param port cookies do not tell ports apart, so each host of this computer names its own by it */
export function makeGuard(port: number): Guard {
  const ticket = randomBytes(24).toString('base64url');
  const session = randomBytes(32).toString('base64url');
  const cookie = `tidsbro-${String(port)}`;
  const hosts = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`];
  let used = false;
  return {
    ticket,
    isFromHere({ headers: { host, origin } }) {
      return host !== undefined && hosts.includes(host) && (origin === undefined || origin === `http://${host}`);
    },
    hasCookie({ headers }) {
      const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
      return pairs.some(([name, value]) => name === cookie && same(value ?? '', session));
    },
    redeem(shown) {
      if (used || !same(shown, ticket)) return false;
      used = true;
      return true;
    },
    isUsed: () => used,
    setCookie: () => `${cookie}=${session}; Path=/; HttpOnly; SameSite=Strict`,
  };
}
