/** Why there is no answer. */
export type WireErrorKind =
  | 'unresolved'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'closed'
  | 'certificate'
  | 'tls'
  | 'garbage'
  | 'header-too-large'
  | 'limit';

/** A request that got no answer that can be read. The message is a clause for people: "refuses connections". */
export class WireError extends Error {
  constructor(
    readonly kind: WireErrorKind,
    message: string,
  ) {
    super(message);
    this.name = 'WireError';
  }
}

const CERTIFICATE: Record<string, string> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an authority that nobody knows',
  UNABLE_TO_GET_ISSUER_CERT: 'comes without the certificate it was signed with',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'comes without its intermediate certificate, or from an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes without its intermediate certificate, or from an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another host name',
  CERT_REVOKED: 'was revoked',
  HOSTNAME_MISMATCH: 'is for another host name',
};

/** What is wrong with a certificate, by the code of the TLS error; undefined when it is about something else. */
export function certificateFault(code: string): string | undefined {
  return CERTIFICATE[code] ?? (/CERT|UNABLE_TO_/.test(code) ? `is not accepted (${code})` : undefined);
}

/** What an error of node:http, node:tls or node:net means. */
export function toWireError(error: unknown): WireError {
  if (error instanceof WireError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const fault = certificateFault(code);
  if (fault) return new WireError('certificate', `its certificate ${fault}`);
  if (code === 'HPE_HEADER_OVERFLOW') return new WireError('header-too-large', 'the header is too long');
  if (code.startsWith('HPE_')) return new WireError('garbage', 'what came is no HTTP answer');
  if (/SSL|TLS|EPROTO/.test(code)) return new WireError('tls', 'no TLS connection could be made');
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new WireError('unresolved', 'the host name is not known');
    case 'ECONNREFUSED':
      return new WireError('refused', 'the connection is refused, so nothing listens there');
    case 'ECONNRESET':
    case 'EPIPE':
      return new WireError('closed', 'the connection was closed without an answer');
    case 'ETIMEDOUT':
      return new WireError('timeout', 'no connection came about in time');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return new WireError('unreachable', 'there is no way to that address');
    default:
      return new WireError('unreachable', `there is no connection (${code || message})`);
  }
}
