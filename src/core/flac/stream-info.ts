/** STREAMINFO (RFC 9639 §8.2), as far as a report tells it. */
export interface FlacStreamInfo {
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  /** Of one channel; null where the encoder did not know. */
  readonly totalSamples: number | null;
}

/** Length of a STREAMINFO block without its header. */
export const STREAM_INFO = 34;

/** Undefined where the bytes are cut off, or state no rate. */
export function parseStreamInfo(bytes: Uint8Array): FlacStreamInfo | undefined {
  if (bytes.length < STREAM_INFO) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const bits = view.getUint32(10);
  const sampleRate = bits >>> 12;
  if (sampleRate === 0) return undefined;
  const totalSamples = (view.getUint8(13) & 15) * 2 ** 32 + view.getUint32(14);
  return {
    sampleRate,
    channels: ((bits >>> 9) & 7) + 1,
    bitsPerSample: ((bits >>> 4) & 31) + 1,
    totalSamples: totalSamples === 0 ? null : totalSamples,
  };
}
