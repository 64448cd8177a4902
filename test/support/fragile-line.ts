import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** A line to a server on 127.0.0.1 that breaks where a test wants it to, in the middle of anything; one call at a time. */
export class FragileLine {
  /** What was asked through it, head by head. */
  readonly requests: string[] = [];
  breaks = 0;
  #left = Infinity;

  private constructor(
    private readonly server: net.Server,
    private readonly target: number,
  ) {
    server.on('connection', (client) => this.#relay(client));
  }

  static async to(target: number): Promise<FragileLine> {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FragileLine(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Lets so many bytes of answers through and then breaks, once. */
  breakAfter(bytes: number): void {
    this.#left = bytes;
  }

  close(): void {
    this.server.close();
  }

  #relay(client: net.Socket): void {
    const upstream = net.connect(this.target, '127.0.0.1');
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.on('data', (chunk) => {
      this.requests.push(chunk.toString('latin1'));
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      const passed = chunk.subarray(0, this.#left);
      this.#left -= chunk.length;
      client.write(passed);
      if (this.#left > 0) return;
      this.#left = Infinity;
      this.breaks++;
      upstream.destroy();
    });
  }
}
