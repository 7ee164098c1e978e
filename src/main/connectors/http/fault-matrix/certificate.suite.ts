import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Certificates for tests, made when they are needed: no key lies in the repository, and none runs out. */

export interface Certified {
  readonly name: string;
  readonly key: KeyObject;
  readonly cert: string;
  readonly keyPem: string;
}

interface Wanted {
  /** Null: signed by itself. */
  readonly issuer: Certified | null;
  readonly name: string;
  readonly host: string;
  readonly from: Date;
  readonly until: Date;
}

const tlv = (tag: number, ...inner: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(inner);
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 255 ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
};
const sequence = (...inner: readonly Buffer[]): Buffer => tlv(0x30, ...inner);
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'));
const time = (at: Date): Buffer => tlv(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]|\..*/g, '')}Z`));
const nameOf = (text: string): Buffer => sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(text)))));
const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), tlv(0x04, value));

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const TRUE = Buffer.from([0x01, 0x01, 0xff]);

/** A certificate for one IPv4 address; a self-signed one may sign others. */
export function certify(wanted: Wanted): Certified {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const address = Buffer.from(wanted.host.split('.').map(Number));
  const extensions = sequence(
    extension('551d11', sequence(tlv(0x87, address))),
    ...(wanted.issuer === null ? [extension('551d13', sequence(TRUE))] : []),
  );
  const content = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1 + (wanted.name.length % 100)])),
    ECDSA_SHA256,
    nameOf(wanted.issuer?.name ?? wanted.name),
    sequence(time(wanted.from), time(wanted.until)),
    nameOf(wanted.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  );
  const signature = sign('sha256', content, wanted.issuer?.key ?? privateKey);
  const whole = sequence(content, ECDSA_SHA256, tlv(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    name: wanted.name,
    key: privateKey,
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
