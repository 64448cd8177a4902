// Many clients that all ask for the whole file and then read a little each second. Prints a line when all of them have
// the beginning of their answer, goes on until its standard input ends, then prints how many connections broke.
//   node slow-readers.mjs URL CLIENTS BYTES_PER_SECOND
import { connect } from 'node:net';
import { clearInterval, setInterval } from 'node:timers';

/** A second is cut into this many slices; in each of them a part of the clients reads. */
const SLICES = 20;
/** Connections are opened in groups, so that no server's queue of them overflows. */
const AT_ONCE = 50;

const url = new URL(process.argv[2]);
const [clients, bytesPerSecond] = process.argv.slice(3).map(Number);
const buffer = Buffer.allocUnsafe(bytesPerSecond);
const sockets = [];
const answered = new Set();
let broken = 0;
let wrong = 0;
let isOver = false;

function open() {
  const socket = connect({
    host: url.hostname,
    port: Number(url.port),
    onread: { buffer, callback: (count) => take(socket, count) },
  });
  sockets.push(socket);
  socket.on('connect', () =>
    socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: keep-alive\r\n\r\n`),
  );
  socket.on('error', () => {});
  socket.on('close', () => broken++);
}

/** Every piece pauses its client until its next turn. */
function take(socket, count) {
  if (!answered.has(socket)) {
    if (!buffer.latin1Slice(0, count).startsWith('HTTP/1.1 200 ')) wrong++;
    answered.add(socket);
    if (answered.size === clients) console.log('all answered');
  }
  return false;
}

const opening = setInterval(() => {
  for (let i = 0; i < AT_ONCE && sockets.length < clients; i++) open();
}, 10);

let slice = 0;
const reading = setInterval(() => {
  slice = (slice + 1) % SLICES;
  for (let i = slice; i < sockets.length; i += SLICES) if (answered.has(sockets[i])) sockets[i].resume();
}, 1000 / SLICES);

process.stdin.resume().on('end', () => {
  if (isOver) return;
  isOver = true;
  clearInterval(opening);
  clearInterval(reading);
  console.log(JSON.stringify({ answered: answered.size, broken, wrong }));
  process.exit(0);
});
