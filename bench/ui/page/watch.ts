/** Lives in the page that is measured: it sees what a person sees, when they see it. Times in ms of the page's clock. */
interface Watch {
  /** From the last click or keystroke to the frame in which everything of `wanted` is there. */
  sinceInput(of: 'click' | 'input' | 'keydown', wanted: readonly Sight[]): Promise<number>;
  /** From the page's navigation to that frame. */
  sinceOpened(wanted: readonly Sight[]): Promise<number>;
  startFrames(): void;
  /** The time between frames since `startFrames`. */
  stopFrames(): number[];
}

/** Something to be seen: a selector, and all the words that stand in it, if it matters. The page's policy refuses functions made of text. */
export type Sight = readonly [selector: string, words: string];

declare global {
  interface Window {
    benchWatch: Watch;
  }
}

const lastInput = { click: 0, input: 0, keydown: 0 };
for (const type of ['click', 'input', 'keydown'] as const)
  addEventListener(type, (event) => (lastInput[type] = event.timeStamp), { capture: true });

/** What a frame callback sees is painted after it; a message sent there arrives after the paint. */
const painted = (): Promise<number> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => {
        port1.close();
        resolve(performance.now());
      });
      port1.start();
      port2.postMessage(null);
    });
  });

const PATIENCE_MS = 30_000;

async function seen(wanted: readonly Sight[]): Promise<number> {
  const isThere = ([selector, words]: Sight): boolean =>
    [...document.querySelectorAll(selector)].some((one) => words === '' || one.textContent === words);
  const until = performance.now() + PATIENCE_MS;
  for (let at = 0; at < until;) {
    at = await painted();
    if (wanted.every(isThere)) return at;
  }
  throw new Error(`Not seen: ${JSON.stringify(wanted)}`);
}

let frames: number[] | null = null;
function frame(at: number): void {
  if (frames === null) return;
  frames.push(at);
  requestAnimationFrame(frame);
}

window.benchWatch = {
  sinceInput: async (of, wanted) => (await seen(wanted)) - lastInput[of],
  sinceOpened: seen,
  startFrames: () => {
    frames = [];
    requestAnimationFrame(frame);
  },
  stopFrames: () => {
    const told = frames ?? [];
    frames = null;
    return told.slice(1).map((at, n) => at - (told[n] ?? at));
  },
};
