/** Something of the window that is loaded when it is first needed. */
export interface Late<T> {
  /** Null until it has come. */
  readonly now: () => T | null;
  /** Asks for it once; after a failure the next call asks again. */
  readonly load: () => Promise<T>;
}

/** @param ask an import: what it gives is kept for as long as the page lives */
export function late<T>(ask: () => Promise<T>): Late<T> {
  let here: T | null = null;
  let coming: Promise<T> | null = null;
  const load = async (): Promise<T> => {
    try {
      here = await ask();
      return here;
    } finally {
      coming = null;
    }
  };
  return { now: () => here, load: () => (here === null ? (coming ??= load()) : Promise.resolve(here)) };
}
