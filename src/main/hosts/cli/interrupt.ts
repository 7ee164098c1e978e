/**
 * npm hands a Ctrl-C on to its child, and the terminal gives it to the whole group as well: one press may arrive twice.
 * Whatever comes this soon after the first is the same press.
 */
const SAME_PRESS_MS = 400;

/** The first SIGINT or SIGTERM asks to finish what is under way; the next one leaves at once with exit code 1. */
export function onInterrupt(finish: () => void): () => void {
  let firstAt: number | null = null;
  const heard = (): void => {
    if (firstAt === null) {
      firstAt = performance.now();
      finish();
    } else if (performance.now() - firstAt > SAME_PRESS_MS) process.exit(1);
  };
  process.on('SIGINT', heard).on('SIGTERM', heard);
  return () => void process.off('SIGINT', heard).off('SIGTERM', heard);
}

/** Resolves when the process is asked to stop. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const letGo = onInterrupt(() => {
      letGo();
      resolve();
    });
  });
}
