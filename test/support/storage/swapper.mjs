// Swaps a folder for a link out of the root, and back, for as long as it lives.
import { renameSync } from 'node:fs';

const [root] = process.argv.slice(2);
const nap = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() / 2);
const move = (from, to) => renameSync(`${root}/${from}`, `${root}/${to}`);
let made = 0;

/** Whoever writes may have made a folder of that name in between. */
const moveTo = (from, to) => {
  for (;;) {
    try {
      return move(from, to);
    } catch {
      move(to, `made-${++made}`);
    }
  }
};

process.stdout.write('.');
for (;;) {
  move('sub', 'aside');
  moveTo('door', 'sub');
  nap();
  move('sub', 'door');
  moveTo('aside', 'sub');
  nap();
}
