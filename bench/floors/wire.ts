import http from 'node:http';
import { create } from 'axios';
import type { AxiosInstance } from 'axios';
import type { Side } from '../../src/shared/domain.ts';

export type Urls = Readonly<Record<Side, string>>;
export type Json = Readonly<Record<string, unknown>>;

const HEADERS: Readonly<Record<Side, Readonly<Record<string, string>>>> = {
  customerp: { authorization: 'Bearer demo-customerp-key' },
  tidsbanken: {
    'tb-key': 'demo-tb-key',
    'ocp-apim-subscription-key': 'demo-subscription-key',
    'x-api-version': '3.0',
  },
};

/** Requests as the product makes them, with the same client, and nothing around them. */
export class Wire {
  readonly #clients: Readonly<Record<Side, AxiosInstance>>;
  requests = 0;

  constructor(urls: Urls) {
    const client = (side: Side): AxiosInstance =>
      create({
        adapter: 'http',
        baseURL: urls[side],
        httpAgent: new http.Agent({ keepAlive: true }),
        proxy: false,
        responseType: 'text',
        transformResponse: [(data: unknown) => data],
        headers: { common: { ...HEADERS[side], 'content-type': 'application/json' } },
      });
    this.#clients = { customerp: client('customerp'), tidsbanken: client('tidsbanken') };
  }

  async send(side: Side, method: string, url: string, body?: unknown): Promise<Json> {
    this.requests += 1;
    const data = body === undefined ? {} : { data: JSON.stringify(body) };
    const response = await this.#clients[side].request<string>({ method, url, ...data });
    return JSON.parse(response.data) as Json;
  }
}

/** The records of a page, whichever system it came from. */
export const itemsOf = (page: Json): readonly Json[] => (page['items'] ?? page['value'] ?? []) as readonly Json[];
