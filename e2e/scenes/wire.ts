import type { Page, WebSocketRoute } from '@playwright/test';
import { z } from 'zod';

/** `held`: what is asked is never answered; `failing`: the host meets a defect; `cut`: it is gone. */
export type WireState = 'through' | 'held' | 'failing' | 'cut';

const Asked = z.object({ i: z.string(), p: z.object({ u: z.string() }) });

/** What a host answers that met a defect: it says no more to the window, and logs the rest. */
const DEFECT = { defined: false, code: 'INTERNAL_SERVER_ERROR', status: 500, message: 'Internal server error' };
const defect = (id: string): string => JSON.stringify({ i: id, p: { s: DEFECT.status, b: { json: DEFECT } } });

/** What lies between a window and its host. Everything but `spared` meets the state that is set. */
export class Wire {
  #state: WireState = 'through';
  #spared = /^$/;
  readonly #sockets = new Set<WebSocketRoute>();

  private constructor() {}

  /** Stands between every window that this page will open and its host. */
  static async between(page: Page): Promise<Wire> {
    const wire = new Wire();
    await page.routeWebSocket('**/rpc', (socket) => wire.#pass(socket));
    return wire;
  }

  /** @param spared the paths of calls that go through all the same */
  set(state: WireState, spared = /^$/): void {
    this.#state = state;
    this.#spared = spared;
    if (state === 'cut') for (const socket of this.#sockets) void socket.close();
    if (state === 'cut') this.#sockets.clear();
  }

  #pass(socket: WebSocketRoute): void {
    if (this.#state === 'cut') return void socket.close();
    this.#sockets.add(socket);
    const host = socket.connectToServer();
    socket.onMessage((message) => {
      const asked = this.#meets(message);
      if (asked === null) host.send(message);
      else if (this.#state === 'failing') socket.send(defect(asked));
    });
  }

  /** The id of a call that is not to reach the host. */
  #meets(message: string | Buffer): string | null {
    if (this.#state === 'through' || typeof message !== 'string') return null;
    const asked = Asked.safeParse(JSON.parse(message));
    return !asked.success || this.#spared.test(asked.data.p.u) ? null : asked.data.i;
  }
}
