import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Places } from './places.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to, and tells in which order it began. */
class Works {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();

  begin = (name: string) => (): Promise<string> => {
    this.begun.push(name);
    return new Promise((resolve, reject) => this.#ends.set(name, { resolve, reject }));
  };

  async end(name: string, how: 'resolve' | 'reject' = 'resolve'): Promise<void> {
    if (how === 'resolve') this.#ends.get(name)?.resolve(name);
    else this.#ends.get(name)?.reject(new Error(name));
    // Whoever waits for its place is told in the turns after it.
    await new Promise(setImmediate);
  }
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

describe('requests to one system at the same time', () => {
  it('so many at once; the next begins when one of them has ended, in the order in which they came', async () => {
    const [places, works] = [new Places(2), new Works()];
    const held = ['a', 'b', 'c', 'd'].map((name) => places.hold('read', never, works.begin(name)));
    expect(works.begun).toEqual(['a', 'b']);
    await works.end('b');
    expect(works.begun).toEqual(['a', 'b', 'c']);
    await works.end('a');
    expect(works.begun).toEqual(['a', 'b', 'c', 'd']);
    await works.end('c');
    await works.end('d');
    expect(await Promise.all(held)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('A6: a place that becomes free goes to a write first, since what it is based on grows old', async () => {
    const [places, works] = [new Places(1), new Works()];
    void places.hold('read', never, works.begin('first'));
    void places.hold('read', never, works.begin('read'));
    void places.hold('write', never, works.begin('write'));
    await works.end('first');
    expect(works.begun).toEqual(['first', 'write']);
  });

  it('what throws leaves its place to the next', async () => {
    const [places, works] = [new Places(1), new Works()];
    const failing = places.hold('write', never, works.begin('failing'));
    void places.hold('read', never, works.begin('next'));
    const told = failing.catch((error: unknown) => String(error));
    await works.end('failing', 'reject');
    expect(await told).toBe('Error: failing');
    expect(works.begun).toEqual(['failing', 'next']);
  });

  it('Stop ends the wait for a place and never what is under way', async () => {
    const [places, works, stop] = [new Places(1), new Works(), new AbortController()];
    const underWay = places.hold('write', stop.signal, works.begin('under way'));
    const waiting = places.hold('write', stop.signal, works.begin('waiting'));
    void places.hold('read', never, works.begin('another'));
    stop.abort();
    expect(await waiting).toBeNull();
    expect(await places.hold('read', stop.signal, works.begin('too late'))).toBeNull();
    await works.end('under way');
    expect(await underWay).toBe('under way');
    expect(works.begun).toEqual(['under way', 'another']);
  });

  it('never more than so many, and nobody is forgotten, whatever comes, ends and gives up', async () => {
    const step = fc.record({
      use: fc.constantFrom('read', 'write'),
      comesAfter: fc.nat(6),
      takes: fc.nat(3),
      givesUp: fc.boolean(),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 30 }), async (most, steps) => {
        const places = new Places(most);
        let now = 0;
        let atMost = 0;
        const one = async ({ use, comesAfter, takes, givesUp, fails }: (typeof steps)[number]): Promise<void> => {
          await turns(comesAfter);
          const stop = new AbortController();
          const held = places.hold(use, stop.signal, async () => {
            now += 1;
            atMost = Math.max(atMost, now);
            await turns(takes);
            now -= 1;
            if (fails) throw new Error('failed');
          });
          if (givesUp) stop.abort();
          await held.catch(() => null);
        };
        await Promise.all(steps.map(one));
        expect(now).toBe(0);
        expect(atMost).toBeLessThanOrEqual(most);
        let together = 0;
        await Promise.all(Array.from({ length: most }, () => places.hold('read', never, async () => (together += 1))));
        expect(together).toBe(most);
      }),
    );
  });
});
