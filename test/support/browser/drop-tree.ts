import { createHash } from 'node:crypto';
import type { Page } from './page.js';

/** A file that a page makes for itself, or a folder of such. */
export type DroppedNode =
  | { readonly name: string; readonly size: number; readonly seed: number }
  | { readonly name: string; readonly children: readonly DroppedNode[] };

const BLOCK = 1 << 20;
/** Always the same: the same file chosen again is told by it. */
const MODIFIED = 1_750_000_000_000;

/** Argument: the nodes. The events have entries of their own, since scripts cannot make a DataTransfer with folders. */
const DROP = `
  const blocks = [];
  const fileOf = ({ name, size, seed }) => {
    const block = (blocks[seed] ??= Uint8Array.from(
      { length: ${BLOCK} },
      (_, at) => (at * 31 + (at >> 8) + seed) & 0xff,
    ));
    const parts = [];
    for (let from = 0; from < size; from += block.length) {
      const part = block.slice(0, size - from);
      part[0] = from / block.length;
      parts.push(part);
    }
    return new File(parts, name, { lastModified: ${MODIFIED} });
  };
  const entryOf = (node) => ({
    name: node.name,
    isDirectory: 'children' in node,
    file: (found) => found(fileOf(node)),
    createReader: () => {
      let at = 0;
      return { readEntries: (found) => found(node.children.slice(at, (at += 2)).map(entryOf)) };
    },
  });
  const dataTransfer = {
    types: ['Files'],
    files: [],
    items: arguments[0].map((node) => ({ kind: 'file', webkitGetAsEntry: () => entryOf(node) })),
    getData: () => '',
  };
  const send = (type) => {
    const event = new DragEvent(type, { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'dataTransfer', { value: dataTransfer });
    return document.querySelector('#main').dispatchEvent(event);
  };
  if (send('dragover')) throw new Error('the page does not accept files');
  send('drop');
`;

/** No real drop: files and folders made in the page, dropped on what shows the folder. */
export async function dropTree(page: Page, nodes: readonly DroppedNode[]): Promise<void> {
  await page.browser.run(DROP, nodes);
}

/** SHA-256 of a file that such a page makes. */
export function digestOf({ size, seed }: { readonly size: number; readonly seed: number }): string {
  const block = Buffer.alloc(BLOCK);
  for (let at = 0; at < BLOCK; at++) block[at] = (at * 31 + (at >> 8) + seed) & 0xff;
  const hash = createHash('sha256');
  for (let from = 0; from < size; from += BLOCK) {
    block[0] = from / BLOCK;
    hash.update(block.subarray(0, size - from));
  }
  return hash.digest('hex');
}
