import type { TsPacket } from './packets.js';

/** What the PES packets (ISO/IEC 13818-1 §2.4.3.7) of one stream in some part of a file say. */
export interface PesTimes {
  /** Presentation times in the order of the file, in units of 1/90,000 s. */
  readonly times: number[];
  /** Bytes of the latest packet that has a time, and of the one before. */
  lengths: [latest: number, before: number];
  /** The first bytes of the first packet's payload. */
  start: Buffer;
}

/** Presentation times kept of each stream. */
const MOST_TIMES = 4096;
/** Bytes kept of the first PES packet: parameter sets stand in front. */
const KEPT = 1024;

/** By PID; only streams listed in `pids` are looked at. */
export function readPes(packets: Iterable<TsPacket>, pids: ReadonlySet<number>): Map<number, PesTimes> {
  const streams = new Map<number, PesTimes>();
  for (const { pid, starts, payload } of packets) {
    if (!pids.has(pid)) continue;
    const stream = streams.get(pid);
    if (!starts) {
      if (stream) stream.lengths[0] += payload.length;
      if (stream && stream.times.length <= 1 && stream.start.length < KEPT)
        stream.start = Buffer.concat([stream.start, payload]);
      continue;
    }
    const [zero, none, one, , , , , flags = 0, length = 0] = payload;
    if (zero !== 0 || none !== 0 || one !== 1) continue;
    const time = flags & 0x80 && payload.length >= 14 ? parseTime(payload) : undefined;
    if (!stream) {
      const start = Buffer.from(payload.subarray(9 + length));
      streams.set(pid, { times: time === undefined ? [] : [time], lengths: [start.length, 0], start });
    } else if (time !== undefined && stream.times.length < MOST_TIMES) {
      stream.times.push(time);
      stream.lengths = [payload.length - 9 - length, stream.lengths[0]];
    }
  }
  return streams;
}

/** 33 bits with a marker behind 3, 15 and 15 of them. */
function parseTime(payload: Uint8Array): number {
  const [first, second, third, fourth, fifth] = payload.subarray(9, 14) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  return (
    ((first >> 1) & 7) * 2 ** 30 + second * 2 ** 22 + (third >> 1) * 2 ** 15 + fourth * 2 ** 7 + (fifth >> 1)
  );
}
