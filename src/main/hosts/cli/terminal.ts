/** Where a command talks to: stdout for what was asked, stderr for everything said beside it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What was asked for: a table, or with --json the one document. */
  print(text: string): void;
  /** A sentence for the person, never part of the answer. */
  say(text: string): void;
  /** A line that is overwritten by the next; nothing where stderr is not a screen. */
  showProgress(text: string): void;
}

export function processTerminal(): Terminal {
  let shown = false;
  const clear = (): string => {
    if (!shown) return '';
    shown = false;
    return '\r\u001b[K';
  };
  // A reader that leaves early (`| head`) is no failure of the command.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    env: process.env,
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (text) => void process.stderr.write(`${clear()}${text}\n`),
    showProgress(text) {
      if (!process.stderr.isTTY) return;
      process.stderr.write(`${clear()}${text}`);
      shown = text !== '';
    },
  };
}
