/**
 * Gives the memory of bytes back at once that nobody looks at any more, if it is all theirs; they are empty then. The
 * garbage collector would do so later, and takes longer to find it than it takes to write the bytes to a disk.
 */
export function freeBytes(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength) buffer.transfer(0);
}
