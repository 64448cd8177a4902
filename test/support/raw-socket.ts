import { once } from 'node:events';
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

/** Sends requests; resolves to the connection once the first bytes of an answer have come. It then stands still. */
export async function begin(port: number, ...requests: string[]): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(requests.join(''));
  await once(socket, 'data');
  socket.pause();
  return socket;
}

/** Everything that still arrives until the connection ends, however it ends. */
export function rest(socket: net.Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
    socket.resume();
  });
}

/** A minimal GET on one connection. */
export function get(path: string, ...fields: string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n');
}
