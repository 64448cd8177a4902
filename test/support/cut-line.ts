import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** A line to a server on 127.0.0.1 that is cut when so many bytes have gone up, a few times. */
export class CutLine {
  cuts = 0;

  private constructor(
    private readonly server: net.Server,
    private readonly target: number,
    private readonly bytes: number,
    private readonly most: number,
  ) {
    server.on('connection', (client) => this.#relay(client));
  }

  static async to(target: number, bytes: number, most: number): Promise<CutLine> {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CutLine(server, target, bytes, most);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
  }

  #relay(client: net.Socket): void {
    const upstream = net.connect(this.target, '127.0.0.1');
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.pipe(client);
    let sent = 0;
    client.on('data', (chunk) => {
      sent += chunk.length;
      upstream.write(chunk);
      if (sent < this.bytes || this.cuts >= this.most) return;
      this.cuts += 1;
      // What has gone up arrives, and nothing comes back.
      client.pause();
      upstream.unpipe(client).resume();
      upstream.end();
    });
  }
}
