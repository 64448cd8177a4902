/** Why the server did not start: one line for the person at the terminal, who can do something about it. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }
}

export function explainListenError(
  { code, message }: NodeJS.ErrnoException,
  host: string,
  port: number,
): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use; stop what uses it, or choose another with --port (0 for any free one)`;
    case 'EACCES':
      return `port ${port} needs special rights; choose one above 1023 with --port`;
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this machine; use --host with one that is, or 0.0.0.0 for all`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not a known host name; use --host with an IP address`;
    default:
      return `cannot listen on ${host}, port ${port}: ${message}`;
  }
}
