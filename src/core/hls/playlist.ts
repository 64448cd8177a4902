/** One rendition a master playlist offers (RFC 8216 §4.3.4.2). */
export interface HlsVariant {
  /** As written: relative to the playlist. */
  readonly uri: string;
  /** Peak, in bits per second. */
  readonly bandwidth: number | null;
  /** As of the `codecs` parameter of RFC 6381. */
  readonly codecs: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly frameRate: number | null;
}

/** What an HLS playlist says (RFC 8216). Plain JSON. */
export interface HlsPlaylist {
  readonly kind: 'master' | 'media';
  /** At most 64, of a master playlist. */
  readonly variants: readonly HlsVariant[];
  /** Segments a media playlist lists. */
  readonly segments: number;
  /** Whether more segments may be added: it is a media playlist without EXT-X-ENDLIST. */
  readonly live: boolean;
  /** Whether the segments are fragmented MP4: there is an EXT-X-MAP. */
  readonly fragmentedMp4: boolean;
  readonly encrypted: boolean;
  /** Whether the file is longer than what was read of it. */
  readonly truncated: boolean;
}

const MOST_VARIANTS = 64;

/** Seconds of all segments together; null for a master playlist, and for one that is cut off. */
type Parsed = HlsPlaylist & { readonly duration: number | null };

/** Reads a playlist line by line; what it does not know it passes over (§6.3.1). */
export function parsePlaylist(text: string, truncated: boolean): Parsed {
  const variants: HlsVariant[] = [];
  let [seconds, segments] = [0, 0];
  let [ended, fragmentedMp4, encrypted, master] = [false, false, false, false];
  let pending: Map<string, string> | undefined;
  for (const ending of text.split('\n')) {
    const line = ending.endsWith('\r') ? ending.slice(0, -1) : ending;
    if (line === '') continue;
    const [, tag, value = ''] = /^#(EXT[\w-]*)(?::(.*))?$/.exec(line) ?? [];
    if (tag === 'EXTINF') {
      const length = Number.parseFloat(value);
      segments += 1;
      if (length > 0) seconds += length;
    } else if (tag === 'EXT-X-ENDLIST') ended = true;
    else if (tag === 'EXT-X-MAP') fragmentedMp4 = true;
    else if (tag === 'EXT-X-KEY') encrypted ||= !/METHOD=NONE\b/.test(value);
    else if (tag === 'EXT-X-STREAM-INF') {
      master = true;
      pending = parseAttributes(value);
    } else if (!line.startsWith('#') && pending) {
      if (variants.length < MOST_VARIANTS) variants.push(toVariant(line, pending));
      pending = undefined;
    }
  }
  const live = !master && !ended && !truncated;
  const duration = master || truncated ? null : seconds;
  const kind = master ? 'master' : 'media';
  return { kind, variants, segments, live, fragmentedMp4, encrypted, truncated, duration };
}

/** An attribute list (§4.2). */
function parseAttributes(list: string): Map<string, string> {
  const pairs = list.matchAll(/(?:^|,) *([A-Z0-9-]{1,64})=(?:"([^"]*)"|([^",]*))/g);
  return new Map([...pairs].map(([, name, quoted, plain]) => [name!, quoted ?? plain ?? '']));
}

function toVariant(uri: string, attributes: Map<string, string>): HlsVariant {
  const number = (name: string) => {
    const value = Number.parseFloat(attributes.get(name) ?? '');
    return Number.isFinite(value) ? value : null;
  };
  const [, width, height] = /^(\d{1,6})x(\d{1,6})$/.exec(attributes.get('RESOLUTION') ?? '') ?? [];
  return {
    uri,
    bandwidth: number('BANDWIDTH'),
    codecs: attributes.get('CODECS') ?? null,
    width: width === undefined ? null : Number(width),
    height: height === undefined ? null : Number(height),
    frameRate: number('FRAME-RATE'),
  };
}
