/** How the packets of a transport stream lie in a file. */
export interface PacketLayout {
  /** Bytes from one packet to the next: 188, or 192 with a time in front of each (Blu-ray, AVCHD). */
  readonly step: 188 | 192;
  /** Of the first sync byte. */
  readonly first: number;
}

/** One packet (ISO/IEC 13818-1 §2.4.3.2) that carries payload. */
export interface TsPacket {
  readonly pid: number;
  /** Whether a section or PES packet begins in it. */
  readonly starts: boolean;
  readonly payload: Uint8Array;
}

const SYNC = 0x47;

/** By the first bytes of a file; undefined when it is no transport stream. */
export function packetLayout(head: Uint8Array): PacketLayout | undefined {
  const matches = ({ step, first }: PacketLayout) => {
    const count = Math.min(8, Math.floor(head.length / step));
    return count >= 4 && Array.from({ length: count }).every((_, at) => head[first + at * step] === SYNC);
  };
  return LAYOUTS.find(matches);
}
const LAYOUTS: readonly PacketLayout[] = [
  { step: 188, first: 0 },
  { step: 192, first: 4 },
];

/** The packets in `bytes`, which begin where a packet does; what has lost its sync byte is passed over. */
export function* packetsIn(bytes: Uint8Array, { step, first }: PacketLayout): Generator<TsPacket> {
  for (let at = first; at + 188 <= bytes.length; at += step) {
    const [sync, high = 0, low = 0, control = 0, adaptation = 0] = bytes.subarray(at, at + 5);
    // Sync byte, no transport error, some payload.
    if (sync !== SYNC || high & 0x80 || !(control & 0x10)) continue;
    const start = 4 + (control & 0x20 ? 1 + adaptation : 0);
    if (start >= 188) continue;
    yield {
      pid: (high & 0x1f) * 256 + low,
      starts: (high & 0x40) !== 0,
      payload: bytes.subarray(at + start, at + 188),
    };
  }
}
