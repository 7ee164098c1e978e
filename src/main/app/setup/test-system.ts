import type { SystemDraft, SystemTest } from '../../../shared/contract/setup.ts';
import type { Problem, Side } from '../../../shared/domain.ts';
import { createConnector } from '../../connectors/create-connector.ts';
import { resolveSecrets } from '../../secrets/resolve-secrets.ts';
import { failureAdvice, failureText } from '../../sync/words.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What the draft names and the environment does not have. */
export const unsetIn = ({ secrets }: SystemDraft, env: Env): string[] =>
  Object.values(secrets).filter((variable) => (env[variable] ?? '') === '');

export const asEnv = (secrets: SystemDraft['secrets']): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).map(([key, variable]) => [key, `env:${variable}`]));

/** Signs in to a system as the draft says, reads one record of each kind, and tells what it found. Writes nothing anywhere. */
export async function testSystem(side: Side, draft: SystemDraft, env: Env): Promise<SystemTest> {
  const unset = unsetIn(draft, env);
  const told = (findings: readonly string[], problem: Problem | null): SystemTest => ({
    side,
    findings: [...findings],
    unset,
    problem: problem === null ? null : { ...problem },
  });
  const secrets = resolveSecrets(side, draft.url, asEnv(draft.secrets), env);
  if (!secrets.ok) return told([], secrets.failure);
  const connector = createConnector({
    side,
    use: { preset: draft.preset },
    baseUrl: draft.url,
    secrets: secrets.value,
  });
  if (!connector.ok) return told([], connector.failure);
  try {
    const facts = await connector.value.probe(AbortSignal.timeout(TEST_MS));
    if (facts.ok) return told(facts.value.notes, null);
    return told([], {
      kind: facts.failure.kind,
      what: failureText(side, facts.failure),
      notDone: 'Nothing was read or written.',
      todo: failureAdvice(facts.failure),
      side,
      facts: { detail: facts.failure.detail },
    });
  } finally {
    await connector.value.close();
  }
}

/** A person waits for it. */
const TEST_MS = 60_000;
