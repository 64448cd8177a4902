import { constants, createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** What the two files hold. */
export interface KeyPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Why a certificate and its key cannot be used: what is wrong, and what to do. */
export class KeyPairError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KeyPairError';
  }
}

/** What a server needs for TLS, and until when the certificate is valid. */
export interface UsableKeyPair {
  readonly options: SecureContextOptions;
  readonly validTo: Date;
}

/** TLS 1.2 and up (RFC 8996 forbids what is older), without renegotiation, which costs servers more than clients. */
const POLICY: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
};

/** Makes sure that both belong together and that OpenSSL takes them. @throws KeyPairError */
export function usableKeyPair({ cert, key }: KeyPair): UsableKeyPair {
  const leaf = attempt(
    () => new X509Certificate(cert),
    'tlsCert holds no certificate in PEM; name the file with the whole chain, such as fullchain.pem',
  );
  const secret = attempt(
    () => createPrivateKey(key),
    'tlsKey holds no private key in PEM that can be read without a passphrase; name the file that came with the certificate, such as privkey.pem',
  );
  if (!leaf.checkPrivateKey(secret))
    throw new KeyPairError(
      'tlsKey is not the key of tlsCert; name the two files that were made together, the certificate of the server itself first in its chain',
    );
  const options = { ...POLICY, cert, key };
  attempt(
    () => createSecureContext(options),
    'tlsCert and tlsKey are not what TLS takes: the chain must be whole, and a key of RSA at least 2048 bits long',
  );
  return { options, validTo: new Date(leaf.validTo) };
}

function attempt<T>(task: () => T, otherwise: string): T {
  try {
    return task();
  } catch {
    throw new KeyPairError(otherwise);
  }
}
