// Clients that each read a file at an even pace, however fast the server could send it.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setInterval } from 'node:timers';
import { randomRanges } from './connection.mjs';

/** Milliseconds between two turns of a client; the clients are cut into as many groups as fit between. */
const TURN = 50;
const GROUPS = 10;

/**
 * They begin within `spread` milliseconds, each at a random place of the file, and ask for all from there on.
 * @param {URL} url
 * @param {object} options
 * @param {number} options.size of the file, in bytes
 * @param {number} options.clients
 * @param {number} options.bytesPerSecond that each of them reads
 * @param {number} options.spread
 * @param {() => void} options.onAnswered called when all have the beginning of their answer
 */
export function startPaced(url, { size, clients, bytesPerSecond, spread, seed, onAnswered }) {
  // Nobody shall come to the end.
  const range = randomRanges(Math.ceil(size / 2), 1, seed);
  const buffer = Buffer.allocUnsafe(32 * 1024);
  const all = [];
  const state = { read: 0, answered: 0, errors: [], queued };

  for (let i = 0; i < clients; i++) setTimeout(open, (i / clients) * spread);
  let group = 0;
  setInterval(() => {
    group = (group + 1) % GROUPS;
    const now = performance.now();
    for (let i = group; i < all.length; i += GROUPS) {
      const client = all[i];
      if (client.began === undefined) continue;
      client.due = ((now - client.began) / 1000) * bytesPerSecond;
      if (client.read < client.due) client.socket.resume();
    }
  }, TURN / GROUPS);
  return state;

  function open() {
    const client = { read: 0, due: 0, began: undefined, socket: undefined };
    const [first] = range();
    client.socket = connect({
      host: url.hostname,
      port: Number(url.port),
      onread: { buffer, callback: (count) => take(client, count) },
    });
    client.socket.on('connect', () =>
      client.socket.write(
        `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nRange: bytes=${first}-\r\n\r\n`,
      ),
    );
    client.socket.on('error', () => {});
    client.socket.on('close', () => state.errors.push('paced: connection closed'));
    all.push(client);
  }

  /** False pauses the client until its next turn. */
  function take(client, count) {
    if (client.began === undefined) {
      const line = buffer.latin1Slice(0, Math.min(count, 100)).split('\r\n', 1)[0];
      if (!line.startsWith('HTTP/1.1 206 ')) state.errors.push(`paced: ${line}`);
      client.began = performance.now();
      if (++state.answered === clients) onAnswered();
    }
    client.read += count;
    state.read += count;
    return client.read < client.due;
  }

  /** Bytes that the server has sent and the kernel holds for these clients, on either side of the connection. */
  function queued() {
    const ports = new Set(all.map(({ socket }) => socket.localPort));
    const portOf = (address) => Number.parseInt(address.slice(-4), 16);
    let bytes = 0;
    for (const line of readFileSync('/proc/net/tcp', 'latin1').split('\n').slice(1, -1)) {
      const [, local, remote, , queues] = line.trim().split(/\s+/);
      const [sent, received] = queues.split(':').map((length) => Number.parseInt(length, 16));
      if (ports.has(portOf(local))) bytes += received;
      else if (ports.has(portOf(remote))) bytes += sent;
    }
    return bytes;
  }
}
