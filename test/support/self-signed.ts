import { createSign, generateKeyPairSync } from 'node:crypto';

/** Distinguished Encoding Rules, as much as a certificate needs (X.690). */
const der = (tag: number, ...contents: (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(contents.map((content) => Buffer.from(content as string)));
  const size = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...members: Buffer[]) => der(0x30, ...members);
const integer = (value: number) => der(0x02, Buffer.from([value]));
const ECDSA_WITH_SHA256 = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
const time = (date: Date) => der(0x18, `${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`);

/**
 * A certificate for `localhost` and 127.0.0.1 that nobody but itself vouches for (RFC 5280 §4.1), made anew each time so
 * that no key lies in the repository.
 */
export function selfSigned(validUntil: Date): { readonly key: string; readonly cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const commonName = sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, 'localhost'));
  const name = sequence(der(0x31, commonName));
  const names = sequence(der(0x82, 'localhost'), der(0x87, Buffer.from([127, 0, 0, 1])));
  const alternative = sequence(der(0x06, Buffer.from('551d11', 'hex')), der(0x04, names));
  const body = sequence(
    der(0xa0, integer(2)),
    integer(1),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(new Date('2020-01-01T00:00:00Z')), time(validUntil)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternative)),
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const whole = sequence(body, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g)!;
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}
