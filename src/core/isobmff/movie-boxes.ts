import { decodeLanguage } from './language.js';
import { type Matrix, readMatrix } from './matrix.js';
import type { Payload } from './payload.js';

/** Durations are in units of the timescale beside them; null stands for all ones: not known. */
export interface MovieHeader {
  /** Units per second; 0 in a broken file. */
  readonly timescale: number;
  readonly duration: number | null;
  readonly matrix: Matrix;
}

export interface TrackHeader {
  readonly id: number;
  readonly enabled: boolean;
  readonly matrix: Matrix;
  /** The size the track is shown at before the matrix, in pixels; 0 where it is not said. */
  readonly width: number;
  readonly height: number;
}

export interface MediaHeader {
  readonly timescale: number;
  readonly duration: number | null;
  readonly language: string | null;
}

/** One entry of an edit list. */
export interface Edit {
  /** In units of the movie's timescale; 0 in fragmented files: up to the end. */
  readonly duration: number;
  /** Where in the media it begins, in units of the media's timescale; -1 for an empty edit. */
  readonly mediaTime: number;
}

const UNKNOWN_64 = 2 ** 64;

/** A version 1 box has 64-bit times; both ways answer null for all ones. */
function readDuration(payload: Payload, at: number, version: number): number | null {
  const duration = version === 1 ? payload.u64(at) : payload.u32(at);
  return duration === (version === 1 ? UNKNOWN_64 : 0xffff_ffff) ? null : duration;
}

/** `mvhd`, ISO/IEC 14496-12 §8.2.2. */
export function parseMovieHeader(payload: Payload): MovieHeader {
  const version = payload.u8(0);
  const at = version === 1 ? 20 : 12;
  const afterDuration = at + (version === 1 ? 12 : 8);
  return {
    timescale: payload.u32(at),
    duration: readDuration(payload, at + 4, version),
    matrix: readMatrix(payload, afterDuration + 16),
  };
}

/** `tkhd`, §8.3.2. */
export function parseTrackHeader(payload: Payload): TrackHeader {
  const version = payload.u8(0);
  const at = version === 1 ? 20 : 12;
  const afterDuration = at + (version === 1 ? 16 : 12);
  return {
    id: payload.u32(at),
    enabled: (payload.u24(1) & 1) === 1,
    matrix: readMatrix(payload, afterDuration + 16),
    width: payload.u32(afterDuration + 52) / 65_536,
    height: payload.u32(afterDuration + 56) / 65_536,
  };
}

/** `mdhd`, §8.4.2. */
export function parseMediaHeader(payload: Payload): MediaHeader {
  const version = payload.u8(0);
  const at = version === 1 ? 20 : 12;
  return {
    timescale: payload.u32(at),
    duration: readDuration(payload, at + 4, version),
    language: decodeLanguage(payload.u16(at + (version === 1 ? 12 : 8))),
  };
}

/** `elst`, §8.6.6: as many entries as were loaded. */
export function parseEditList(payload: Payload): Edit[] {
  const wide = payload.u8(0) === 1;
  const size = wide ? 20 : 12;
  const count = Math.min(payload.u32(4), Math.floor((payload.length - 8) / size));
  return Array.from({ length: count }, (_, index) => {
    const at = 8 + index * size;
    return wide
      ? { duration: payload.u64(at), mediaTime: payload.i64(at + 8) }
      : { duration: payload.u32(at), mediaTime: payload.i32(at + 4) };
  });
}

/** `stts`, §8.6.1.2: the sum of all sample durations, or null where the table was not loaded wholly. */
export function sumTimeToSample(payload: Payload): number | null {
  const count = payload.u32(4);
  if (payload.length < 8 + count * 8) return null;
  let sum = 0;
  for (let at = 8; at < 8 + count * 8; at += 8) sum += payload.u32(at) * payload.u32(at + 4);
  return sum;
}

/** `mehd`, §8.8.2: in units of the movie's timescale. */
export function parseMovieExtendsHeader(payload: Payload): number {
  return payload.u8(0) === 1 ? payload.u64(4) : payload.u32(4);
}
