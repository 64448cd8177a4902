import { once } from 'node:events';
import net from 'node:net';

/** What a server may do that means no good, or is broken beyond HTTP. It gets the request and the connection. */
export type Hostility = (socket: net.Socket, request: string) => void;

/** Sends a piece again and again, as fast as the connection takes it or every so many milliseconds. */
export function forever(socket: net.Socket, piece: string | Buffer, everyMs = 0): void {
  const again = () => {
    if (socket.destroyed) return;
    const goesOn = socket.write(piece);
    if (everyMs > 0) setTimeout(again, everyMs);
    else if (goesOn) setImmediate(again);
    else socket.once('drain', again);
  };
  again();
}

const OK = 'HTTP/1.1 200 OK\r\n';

/** By name. */
export const HOSTILITIES: Readonly<Record<string, Hostility>> = {
  'says nothing': () => undefined,
  'closes at once': (socket) => socket.destroy(),
  'closes in the header': (socket) => socket.end(`${OK}Content-Type: vid`),
  'sends garbage': (socket) => socket.end('\x00\x01\x02 this is no HTTP\r\n\r\n'),
  'speaks another protocol': (socket) => socket.end('220 mail.example.org ESMTP ready\r\n'),
  'sends fields without end': (socket) => {
    socket.write(OK);
    forever(socket, `X-Filler: ${'x'.repeat(1000)}\r\n`);
  },
  'sends one field without end': (socket) => {
    socket.write(`${OK}X-Filler: `);
    forever(socket, 'x'.repeat(1000));
  },
  'sends a header drop by drop': (socket) => {
    socket.write(OK);
    forever(socket, 'X: y\r\n', 50);
  },
  'sends interim answers without end': (socket) => forever(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n', 1),
  'contradicts itself about the length': (socket) =>
    socket.end(`${OK}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`),
  'has a length that is none': (socket) => socket.end(`${OK}Content-Length: many\r\n\r\nabcd`),
  'has a status that is none': (socket) => socket.end('HTTP/1.1 2xx Fine\r\nContent-Length: 0\r\n\r\n'),
  'switches to another protocol': (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
  'sends 5 GiB whatever it is asked': (socket) => {
    socket.write(`${OK}Content-Type: video/mp4\r\nContent-Length: 5368709120\r\n\r\n`);
    forever(socket, Buffer.alloc(65_536));
  },
  'sends chunks without end': (socket) => {
    socket.write(`${OK}Content-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\n`);
    forever(socket, `1000\r\n${'x'.repeat(0x1000)}\r\n`);
  },
  'sends a body drop by drop': (socket) => {
    socket.write(`${OK}Content-Type: video/mp4\r\nContent-Length: 1000000\r\n\r\n`);
    forever(socket, 'x', 50);
  },
  'claims a range and never sends it': (socket) => {
    socket.write(
      'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/1000\r\nContent-Length: 2\r\n\r\n',
    );
  },
  'answers one request and no other': (socket, request) => {
    if (!/^range: bytes=0-\r$/im.test(request) || /^origin:/im.test(request)) return;
    const fields = 'Content-Range: bytes 0-999/1000\r\nContent-Length: 1000\r\nContent-Type: video/mp4';
    socket.write(`HTTP/1.1 206 Partial Content\r\n${fields}\r\n\r\n`);
    socket.write(Buffer.alloc(1000));
  },
  'claims the largest file there can be': (socket, request) => {
    const [first = '0', last = ''] = /bytes=(\d+)-(\d*)/.exec(request)?.slice(1) ?? [];
    const size = 999_999_999_999_999;
    const end = Math.min(last === '' ? size - 1 : Number(last), size - 1);
    const length = end - Number(first) + 1;
    const range = `Content-Range: bytes ${first}-${end}/${size}\r\nContent-Length: ${length}\r\n`;
    socket.write(`HTTP/1.1 206 Partial Content\r\n${range}Content-Type: video/mp4\r\n\r\n`);
    let left = length;
    const more = () => {
      if (left <= 0 || socket.destroyed) return;
      const piece = Buffer.alloc(Math.min(left, 65_536), 'free');
      left -= piece.length;
      if (socket.write(piece)) setImmediate(more);
      else socket.once('drain', more);
    };
    more();
  },
  'sends what steers a terminal': (socket) =>
    socket.end(
      `${OK}Server: \x9b31mred\r\nETag: "\x9b2J"\r\nContent-Type: text/\x9bhtml\r\nContent-Length: 0\r\n\r\n`,
      'latin1',
    ),
};

export interface HostileServer {
  readonly port: number;
  /** What was handed to the connections, in bytes. */
  readonly sent: () => number;
  close(): Promise<void>;
}

/** Starts a server that does the same to whoever asks. */
export async function startHostileServer(hostility: Hostility): Promise<HostileServer> {
  const sockets = new Set<net.Socket>();
  let gone = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      gone += socket.bytesWritten;
      sockets.delete(socket);
    });
    socket.once('data', (request) => hostility(socket, request.toString('latin1')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    sent: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, gone),
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
