import { decodeElement, endOf, type Element } from './element.js';

/** An element inside bytes that are in memory already. */
export interface Field extends Element {
  /** As much of it as there is. */
  readonly data: Uint8Array;
}

/** Elements in one parent; a TrackEntry has about twenty. */
const MOST_FIELDS = 1000;

/** The elements in `bytes`, up to the first thing that is none; offsets count from the start of `bytes`. */
export function readFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length && fields.length < MOST_FIELDS;) {
    const element = decodeElement(bytes, at, at);
    if (!element) break;
    const end = endOf(element, bytes.length);
    fields.push({ ...element, data: bytes.subarray(at + element.headerSize, end) });
    at = end;
  }
  return fields;
}

/** The data of the first field of this ID. */
export function fieldData(fields: readonly Field[], id: number): Uint8Array | undefined {
  return fields.find((field) => field.id === id)?.data;
}

/** Unsigned integer (RFC 8794 §7.2), rounded above 2^53; undefined without data or of more than eight bytes. */
export function unsigned(data: Uint8Array | undefined): number | undefined {
  if (!data || data.length > 8) return undefined;
  return data.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Float (§7.3) of four or eight bytes. */
export function float(data: Uint8Array | undefined): number | undefined {
  if (data?.length !== 4 && data?.length !== 8) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return data.length === 4 ? view.getFloat32(0) : view.getFloat64(0);
}

/** String (§7.4), up to the first zero. */
export function text(data: Uint8Array | undefined): string | undefined {
  return data && String.fromCharCode(...data.subarray(0, 256)).split('\0')[0];
}
