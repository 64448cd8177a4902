// Runs in a thread of its own. Imports nothing of the house but types: the tests start it as it stands here.
import { parentPort } from 'node:worker_threads';
import { type IAudioMetadata, parseBlob, selectCover } from 'music-metadata';
import type { MainMessage, Tags, WorkerMessage } from './tags.js';

/** Bytes asked for at a time, at least: the library asks for a few. */
const WINDOW = 65_536;
const LONGEST_TEXT = 1000;

const port = parentPort!;
let answer: (bytes: Uint8Array) => void = () => undefined;

port.on('message', (message: MainMessage) => {
  if (message.kind === 'bytes') answer(message.bytes);
  else void readTags(message).then((result) => send({ kind: 'done', ...result }));
});

function send(message: WorkerMessage): void {
  port.postMessage(message);
}

type Result = Pick<Extract<WorkerMessage, { kind: 'done' }>, 'tags' | 'cover'>;

/** Nulls when there are no tags, or the library makes nothing of the file. */
async function readTags({ size, mediaType, mostOfCover }: File): Promise<Result> {
  try {
    const options = { duration: false, mkvUseIndex: true };
    const metadata = await parseBlob(remoteBlob(size, mediaType), options);
    // A copy: the library's may be a view of much more.
    const cover = selectCover(metadata.common.picture)?.data.slice(0, mostOfCover) ?? null;
    return { tags: toTags(metadata), cover };
  } catch {
    return { tags: null, cover: null };
  }
}

type File = Extract<MainMessage, { kind: 'file' }>;

/** The file in the main thread, as the part of a Blob that the library uses: `slice(...).arrayBuffer()`. */
function remoteBlob(size: number, type: string): Blob {
  let [start, window] = [0, new Uint8Array(0)];
  const read = async (from: number, to: number) => {
    if (from < start || to > start + window.length) {
      const length = Math.min(Math.max(to - from, WINDOW), size - from);
      const bytes = await new Promise<Uint8Array>((resolve) => {
        answer = resolve;
        send({ kind: 'read', offset: from, length });
      });
      [start, window] = [from, new Uint8Array(bytes)];
    }
    return window.slice(from - start, to - start).buffer;
  };
  const slice = (from: number, to: number) => ({ arrayBuffer: () => read(from, Math.min(to, size)) });
  return { size, type, slice } as unknown as Blob;
}

function toTags({ common }: IAudioMetadata): Tags | null {
  const text = (value = '') => (value.trim() === '' ? null : value.trim().slice(0, LONGEST_TEXT));
  const cover = selectCover(common.picture);
  const tags: Tags = {
    title: text(common.title),
    artist: text(common.artist),
    album: text(common.album),
    albumArtist: text(common.albumartist),
    track: common.track.no ?? null,
    year: common.year ?? null,
    genre: text(common.genre?.join(', ')),
    comment: text(common.comment?.find(({ text: words }) => words)?.text),
    cover: cover ? { mediaType: cover.format, size: cover.data.length } : null,
  };
  return Object.values(tags).some((value) => value !== null) ? tags : null;
}
