import { fail, ok } from '../../shared/domain.ts';
import type { Problem, Result, Side } from '../../shared/domain.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The keys of one system from what workspace.yaml says of them: `env:NAME` names an environment variable; a literal is
 * taken only when it begins with `demo-` and the address is this computer. Values appear in no message.
 */
export function resolveSecrets(
  side: Side,
  url: string,
  configured: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Result<Record<string, string>, Problem> {
  const resolved: Record<string, string> = {};
  for (const [name, text] of Object.entries(configured)) {
    if (text.startsWith('env:')) {
      const value = env[text.slice('env:'.length)];
      if (value === undefined || value === '') return fail(missing(side, name, text.slice('env:'.length)));
      resolved[name] = value;
    } else if (!text.startsWith('demo-') || !LOOPBACK.has(new URL(url).hostname)) {
      return fail(literal(side, name));
    } else resolved[name] = text;
  }
  return ok(resolved);
}

const missing = (side: Side, name: string, variable: string): Problem => ({
  kind: 'missingSecret',
  what: `The key ${name} of ${side} should be in the environment variable ${variable}, which is not set.`,
  notDone: 'No connection was made, and nothing was synchronised.',
  todo: `Set ${variable}, then start again.`,
  side,
});

const literal = (side: Side, name: string): Problem => ({
  kind: 'secretInFile',
  what: `workspace.yaml holds the key ${name} of ${side} in plain text.`,
  notDone: 'It was not used, and nothing was synchronised.',
  todo: 'Put the key into an environment variable and write env:NAME instead; then change the key, as it may have been seen.',
  side,
});
