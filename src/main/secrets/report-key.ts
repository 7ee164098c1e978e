import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '../../shared/domain.ts';
import type { Problem, Result } from '../../shared/domain.ts';
import { makeKeyFile } from './key-file.ts';

export const REPORT_KEY_FILE = 'report.key';

/** A signature under the key of one workspace. `publicKey` is SPKI in base64; `keyId` names it in 16 hex digits. */
export interface Signature {
  readonly algorithm: 'Ed25519';
  readonly keyId: string;
  readonly publicKey: string;
  readonly value: string;
}

export interface ReportKey {
  readonly keyId: string;
  readonly sign: (text: string) => Signature;
}

/**
 * The key with which this workspace signs its reports (7.6); made at random when it is asked for first, and kept as
 * `conceal.key` is: beside the store, for this account only, and in no backup. Problems: `reportKeyUnusable`.
 */
export function reportKey(workspaceDir: string): Result<ReportKey, Problem> {
  const path = join(workspaceDir, REPORT_KEY_FILE);
  try {
    if (!existsSync(path)) makeKeyFile(path, newKey());
    return ok(keyOf(createPrivateKey(readFileSync(path, 'utf8'))));
  } catch (error) {
    return fail(unusable(path, error instanceof Error ? error.message : String(error)));
  }
}

const newKey = (): string =>
  generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

function keyOf(key: KeyObject): ReportKey {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('it does not hold an Ed25519 key');
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const about = { algorithm: 'Ed25519', keyId: idOf(der), publicKey: der.toString('base64') } as const;
  return {
    keyId: about.keyId,
    sign: (text) => ({ ...about, value: sign(null, Buffer.from(text), key).toString('base64') }),
  };
}

const ID_DIGITS = 16;
const idOf = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex').slice(0, ID_DIGITS);

/** Whether the text is the one that was signed by the key that the signature names. */
export function isSignedBy(text: string, { keyId, publicKey, value }: Signature): boolean {
  try {
    const der = Buffer.from(publicKey, 'base64');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const isItsName = key.asymmetricKeyType === 'ed25519' && idOf(der) === keyId;
    return isItsName && verify(null, Buffer.from(text), key, Buffer.from(value, 'base64'));
  } catch {
    return false;
  }
}

const unusable = (path: string, why: string): Problem => ({
  kind: 'reportKeyUnusable',
  what: `The key that signs reports cannot be used (${path}: ${why}).`,
  notDone: 'The checklist was not run, and nothing was written to either system.',
  todo: 'Put the file back from where you keep it, or remove it: then a new key is made, and reports signed with the old one are told as signed elsewhere.',
  facts: { path },
});
