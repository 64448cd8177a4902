import net from 'node:net';

/**
 * Writes bytes to the server as they are and collects what comes back until the server closes, or until `ms` have
 * passed with the connection still open.
 */
export function exchange(
  port: number,
  text: string,
  { ms = 1500, halfClose = false }: { readonly ms?: number; readonly halfClose?: boolean } = {},
): Promise<{ readonly text: string; readonly closed: boolean }> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const chunks: Buffer[] = [];
    let timer: NodeJS.Timeout | undefined = undefined;
    const finish = (closed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text: Buffer.concat(chunks).toString('latin1'), closed });
    };
    timer = setTimeout(() => finish(false), ms);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('end', () => finish(true));
    socket.once('close', () => finish(true));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? finish(true) : reject(error),
    );
    socket.write(text, 'latin1');
    if (halfClose) socket.end();
  });
}

/** A minimal GET on one connection. */
export function get(path: string, ...fields: string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n');
}
