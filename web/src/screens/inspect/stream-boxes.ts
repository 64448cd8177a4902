/** A top-level box of an ISO base media file. */
export interface Box {
  readonly type: string;
  readonly offset: number;
  /** In bytes, header included. */
  readonly size: number;
}

/** Boxes looked at before the picture has to do without the others. */
const MOST = 32;

export interface Layout {
  readonly boxes: readonly Box[];
  /** In bytes. */
  readonly size: number;
}

/**
 * The top-level boxes of what a URL sends, read 16 bytes at a time, header by header (ISO/IEC 14496-12, 4.2). Where the
 * rest is the same as in the file, only behind other bytes, it is not read again. Undefined where ranges do not work or
 * the bytes are no boxes.
 * @param known the boxes of the file itself
 */
export async function readLayout(
  url: string,
  known: Layout,
  signal: AbortSignal,
): Promise<Layout | undefined> {
  const boxes: Box[] = [];
  let offset = 0;
  let size = Infinity;
  while (offset + 8 <= size && boxes.length < MOST) {
    const response = await fetch(url, {
      headers: { Range: `bytes=${offset}-${Math.min(offset + 15, size - 1)}` },
      signal,
    });
    const total = /^bytes \d+-\d+\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1];
    if (response.status !== 206 || total === undefined) {
      await response.body?.cancel();
      return undefined;
    }
    size = Number(total);
    const box = boxOf(new DataView(await response.arrayBuffer()), offset, size);
    if (!box) return boxes.length > 0 ? { boxes, size } : undefined;
    const rest = restFrom(box, size, known);
    if (rest) return { boxes: [...boxes, ...rest], size };
    boxes.push(box);
    offset += box.size;
  }
  return { boxes, size };
}

function boxOf(bytes: DataView, offset: number, end: number): Box | undefined {
  if (bytes.byteLength < 8) return undefined;
  const type = String.fromCharCode(...[4, 5, 6, 7].map((at) => bytes.getUint8(at)));
  const claimed = bytes.getUint32(0);
  // 0 reaches to the end of the file, 1 says that the size stands behind the type in 64 bits.
  const size =
    claimed === 0
      ? end - offset
      : claimed === 1 && bytes.byteLength >= 16
        ? Number(bytes.getBigUint64(8))
        : claimed;
  return size >= 8 ? { type, offset, size } : undefined;
}

/** The boxes of the file from the one that stands here, if as many bytes follow it here as there. */
function restFrom(box: Box, size: number, known: Layout): readonly Box[] | undefined {
  const index = known.boxes.findIndex(
    (other) =>
      other.type === box.type && other.size === box.size && known.size - other.offset === size - box.offset,
  );
  const first = known.boxes[index];
  if (!first || !['mdat', 'moof'].includes(box.type)) return undefined;
  const shift = box.offset - first.offset;
  return known.boxes.slice(index).map((other) => ({ ...other, offset: other.offset + shift }));
}
