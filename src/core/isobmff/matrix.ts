import type { Payload } from './payload.js';

/** The linear part a, b, c, d of a transformation matrix (ISO/IEC 14496-12 §6.2.2): x' = ax + cy, y' = bx + dy. */
export type Matrix = readonly [a: number, b: number, c: number, d: number];

/** How a picture is turned before it is shown. */
export interface Orientation {
  /** Clockwise, in degrees, rounded to a quarter turn. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Whether it is mirrored top to bottom before it is turned. */
  readonly mirrored: boolean;
}

export const UNITY: Matrix = [1, 0, 0, 1];

/** Reads the nine numbers at `at`; the linear ones are 16.16 fixed-point. */
export function readMatrix(payload: Payload, at: number): Matrix {
  const fixed = (offset: number) => payload.i32(at + offset) / 65_536;
  return [fixed(0), fixed(4), fixed(12), fixed(16)];
}

/** `first`, then `second`: the track's matrix, then the movie's. */
export function combine(first: Matrix, second: Matrix): Matrix {
  const [a, b, c, d] = first;
  const [e, f, g, h] = second;
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}

export function orientationOf([a, b, c, d]: Matrix): Orientation {
  // Where the picture's x axis points; with y downwards a positive angle is clockwise.
  const quarters = (Math.round(Math.atan2(b, a) / (Math.PI / 2)) + 4) % 4;
  return { rotation: ([0, 90, 180, 270] as const)[quarters]!, mirrored: a * d - b * c < 0 };
}
