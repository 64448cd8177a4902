import { type Check } from '../check.js';

export const status: Check = {
  code: 'status',
  severity: 'failure',
  affects: ['Chrome', 'Firefox', 'Safari', 'players'],
  decisive: true,
  async look(visit) {
    const { status: code } = visit.first;
    if (code === 200 || code === 206) return undefined;
    return {
      seen: `The first request of a browser (Range: bytes=0-) is answered by status ${code}.`,
      breaks: 'A media element ends with error 4, "source not supported", whatever the true cause.',
      change: hint(code, visit.identity.isGiven),
    };
  },
};

function hint(code: number, hasIdentity: boolean): string {
  if (code === 401 || code === 403 || code === 407)
    return hasIdentity
      ? 'What was given does not let us in. Media elements send cookies and signed URLs, but no header fields of their own.'
      : "Give the doctor what a browser would send: --header 'Cookie: ...', or a signed URL.";
  if (code === 404 || code === 410) return 'Check the path, and its upper and lower case.';
  if (code === 416) return 'The file may be empty; else the server does not understand Range: bytes=0-.';
  if (code === 429)
    return 'The server limits requests; seeking sends many small ones, so leave media out of the limit.';
  if (code >= 500) return "Look into the server's log; behind a proxy, ask the server itself.";
  return 'Serve media with 200, and with 206 where a range is asked for.';
}
