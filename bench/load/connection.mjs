// A keep-alive connection that asks for byte ranges, over a raw socket. Bytes are read into one buffer that all
// connections share and that stays in the processor's cache, so that the load costs as little as it can.
import { connect } from 'node:net';
import { seededRandom } from './random.mjs';

const BUFFER = Buffer.allocUnsafe(256 * 1024);
const HEAD_LIMIT = 16 * 1024;

/**
 * Asks for one range after the other. A server may close a connection it has answered often enough on: a new one
 * takes its place. Whatever is not the answer that was asked for is told to `onError` and ends the connection.
 * @param {URL} url
 * @param {object} handlers
 * @param {() => [number, number] | undefined} handlers.next first and last byte of the next request; undefined: stop
 * @param {(bytes: number) => void} handlers.onBody called for every piece of a body
 * @param {() => void} [handlers.onDone] called when an answer is complete
 * @param {(reason: string) => void} handlers.onError
 * @param {() => number} [handlers.pause] milliseconds between an answer and the next request
 */
export function requestRanges(url, handlers) {
  const { next, onBody, onDone, onError, pause } = handlers;
  let answers = 0;
  let head = '';
  let expected = 0;
  let missing = 0; // bytes of the body still to come; 0 until its header is complete
  let isAsking = false;
  let isOver = false;
  const socket = connect({
    host: url.hostname,
    port: Number(url.port),
    noDelay: true,
    onread: { buffer: BUFFER, callback: take },
  });
  socket.on('connect', ask);
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => {
    if (isOver) return;
    if (isAsking && (answers === 0 || missing > 0 || head !== '')) return fail('connection closed');
    isOver = true;
    requestRanges(url, handlers);
  });

  function ask() {
    if (isOver) return;
    const range = next();
    if (!range) return stop();
    const [first, last] = range;
    expected = last - first + 1;
    isAsking = true;
    socket.write(
      `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nRange: bytes=${first}-${last}\r\n\r\n`,
    );
  }

  function take(count) {
    const body = missing > 0 ? count : readHead(count);
    if (body === undefined) return !isOver;
    missing -= body;
    if (missing < 0) return fail('more bytes than announced');
    if (body > 0) onBody(body);
    if (missing === 0) {
      answers++;
      isAsking = false;
      onDone?.();
      if (pause) setTimeout(ask, pause());
      else ask();
    }
    return true;
  }

  /** The number of bytes of the body behind the header; undefined while the header is incomplete or wrong. */
  function readHead(count) {
    const before = head.length;
    head += BUFFER.latin1Slice(0, Math.min(count, HEAD_LIMIT));
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return void (head.length >= HEAD_LIMIT && fail('no end of the header'));
    const length = Number(/\r\ncontent-length: *(\d+)\r\n/i.exec(head.slice(0, end + 2))?.[1]);
    if (!head.startsWith('HTTP/1.1 206 ')) return void fail(head.slice(0, head.indexOf('\r\n')));
    if (length !== expected) return void fail(`${length} bytes instead of ${expected}`);
    missing = expected;
    head = '';
    return count - (end + 4 - before);
  }

  function fail(reason) {
    stop();
    onError(reason);
    return false;
  }

  function stop() {
    isOver = true;
    socket.destroy();
  }
}

/** Random ranges of `length` bytes of a file of `size` bytes: the same sequence for the same seed. */
export function randomRanges(size, length, seed) {
  const random = seededRandom(seed);
  return () => {
    const first = Math.floor(random() * (size - length + 1));
    return [first, first + length - 1];
  };
}
