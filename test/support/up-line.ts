import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line to a server on 127.0.0.1 that counts what goes up, may be slow, and breaks when it is told to. */
export class UpLine {
  /** Bytes that have gone up, with the heads of requests. */
  up = 0;
  /** How often it has been cut. */
  cuts = 0;
  /** For what goes up over all connections together. */
  bytesPerSecond = Infinity;
  readonly #open = new Set<net.Socket>();
  #cutAt = Infinity;
  #isDown = false;
  #free = 0;

  private constructor(
    private readonly server: net.Server,
    private readonly target: number,
  ) {
    server.on('connection', (client) => void this.#relay(client).catch(() => client.destroy()));
  }

  static async to(target: number): Promise<UpLine> {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new UpLine(server, target);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks all connections when so many more bytes have gone up, and takes none for a while. */
  cutAfter(bytes: number): void {
    this.#cutAt = this.up + bytes;
  }

  close(): void {
    this.server.close();
    for (const socket of this.#open) socket.destroy();
  }

  async #relay(client: net.Socket): Promise<void> {
    client.on('error', () => undefined);
    if (this.#isDown) return void client.destroy();
    const upstream = net.connect(this.target, '127.0.0.1');
    upstream.on('error', () => undefined);
    this.#open.add(client).add(upstream);
    client.on('close', () => this.#forget(client, upstream));
    upstream.on('close', () => this.#forget(upstream, client));
    upstream.pipe(client);
    await pipeline(client, (chunks: AsyncIterable<Buffer>) => this.#slowly(chunks), upstream);
  }

  async *#slowly(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      await this.#turn(chunk.length);
      this.up += chunk.length;
      yield chunk;
      if (this.up >= this.#cutAt) this.#cut();
    }
  }

  #forget(gone: net.Socket, other: net.Socket): void {
    this.#open.delete(gone);
    other.destroy();
  }

  #cut(): void {
    this.#cutAt = Infinity;
    this.cuts += 1;
    this.#isDown = true;
    setTimeout(() => (this.#isDown = false), 500);
    for (const socket of this.#open) socket.destroy();
  }

  async #turn(bytes: number): Promise<void> {
    const now = performance.now();
    this.#free = Math.max(this.#free, now) + (bytes / this.bytesPerSecond) * 1000;
    if (this.#free - now > 2) await sleep(this.#free - now);
  }
}
