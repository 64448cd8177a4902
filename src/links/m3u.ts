/** Something to play. */
export interface PlaylistItem {
  /** Absolute, percent-encoded: it has no end of line. */
  readonly url: string;
  readonly title: string;
  /** In seconds; undefined when it is not known. */
  readonly duration: number | undefined;
}

/**
 * A playlist for players, in UTF-8: extended M3U, the form that Winamp gave it and every player reads. It is no HLS
 * playlist (RFC 8216): its entries are whole files.
 * @param name of the playlist
 */
export function printM3u(name: string, items: Iterable<PlaylistItem>): string {
  const lines = ['#EXTM3U', `#PLAYLIST:${onOneLine(name)}`];
  for (const { url, title, duration } of items)
    lines.push(`#EXTINF:${duration === undefined ? -1 : Math.round(duration)},${onOneLine(title)}`, url);
  return `${lines.join('\n')}\n`;
}

/** Names may hold what ends a line, and what follows would be an entry of its own: a file name is anybody's. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
