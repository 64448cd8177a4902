/** What telling a frame from noise needs of it: its length in bytes, and the bits that never change in one file. */
export interface AudioFrame {
  readonly length: number;
  readonly constant: number;
}

export type ParseFrame = (bytes: Uint8Array, at: number) => AudioFrame | undefined;

/** Consecutive frames that make a file: noise of four agreeing headers does not happen. */
export const AGREEING = 4;

/**
 * Whether frames follow one another from `at` on: {@link AGREEING} of them, or fewer where the file ends right behind.
 *
 * @param last whether `bytes` end where the file ends
 */
export function holdsFrames(bytes: Uint8Array, at: number, last: boolean, parse: ParseFrame): boolean {
  let position = at;
  const first = parse(bytes, at);
  for (let count = 0; count < AGREEING; count += 1) {
    const frame = parse(bytes, position);
    if (!frame || frame.constant !== first?.constant)
      return last && count >= 2 && position >= bytes.length - 128;
    position += frame.length;
  }
  return true;
}
