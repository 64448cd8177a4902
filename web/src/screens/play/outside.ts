import { absolute, isShared } from '../../api/base.ts';
import { api, data } from '../../api/client.ts';
import type { FileEntry } from '../../api/types.ts';
import { session } from '../../session/session.svelte.ts';

/** Seconds that a link for another player lasts: a day is long enough for a film. */
const LASTS = 86_400;

/** Whether other programs need a link of their own: they have neither this browser's cookies nor its password. */
function needsLink(): boolean {
  return !isShared && session()?.anonymous === false;
}

/** A URL of a stream that programs outside the browser can open. @throws ApiProblem where no link can be made */
export async function urlForPlayers({ path, links }: FileEntry): Promise<string> {
  if (!needsLink()) return absolute(links.stream ?? links.file);
  const link = await data(
    api.POST('/api/v1/links', { body: { path, use: 'stream', expiresIn: LASTS, download: false } }),
  );
  return link.url;
}

/** Gives VLC a URL, where it is installed and has taken its scheme. */
export function openInVlc(url: string): void {
  location.href = `vlc://${url}`;
}

/** Saves a playlist of this one file, which opens in whatever plays films on this device. */
export function savePlaylist(name: string, url: string): void {
  const oneLine = name.replaceAll(/[\r\n]+/g, ' ');
  const list = new Blob([`#EXTM3U\n#EXTINF:-1,${oneLine}\n${url}\n`], { type: 'audio/x-mpegurl' });
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(list);
  anchor.download = `${oneLine}.m3u`;
  anchor.click();
  // A browser that asks where to put it reads it later.
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}
