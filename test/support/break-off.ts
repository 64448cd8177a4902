import net from 'node:net';

/** How a client leaves a transfer: before anything has come, in its midst, after a FIN of its own, or by a RST. */
export const DEPARTURES = ['before the header', 'in the body', 'half-closed', 'by reset'] as const;
export type Departure = (typeof DEPARTURES)[number];

/** What all of them read into: nobody looks at it. */
const BUFFER = Buffer.allocUnsafe(64 * 1024);

/**
 * Sends a request on a connection of its own and breaks it off.
 * @param after how much of the answer is read first, in bytes, or, before the header, waited for, in microseconds
 * @returns the bytes that were read, when the connection is closed
 */
export function breakOff(
  port: number,
  request: string,
  departure: Departure,
  after: number,
): Promise<number> {
  return new Promise((resolve) => {
    let read = 0;
    const socket: net.Socket = net.connect({
      port,
      host: '127.0.0.1',
      allowHalfOpen: true,
      onread: {
        buffer: BUFFER,
        callback: (count) => {
          read += count;
          if (departure === 'before the header' || read >= after) leave();
          return !socket.destroyed;
        },
      },
    });
    socket.on('error', () => undefined);
    socket.on('end', leave);
    socket.on('close', () => resolve(read));
    socket.on('connect', () => {
      if (departure === 'half-closed') socket.end(request);
      else socket.write(request);
      if (departure === 'before the header') setTimeout(leave, after / 1000);
    });

    function leave(): void {
      if (departure === 'by reset') socket.resetAndDestroy();
      else socket.destroy();
    }
  });
}
