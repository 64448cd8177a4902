import type { FileEntry, Inspection } from '../../api/types.ts';
import { nameOf, folderOf, stemOf } from '../../lib/paths.ts';

/** What the keys of a keyboard, a headset or a lock screen can do with a player. */
export interface Playable {
  readonly paused: boolean;
  readonly time: number;
  readonly duration: number;
  play(): void;
  pause(): void;
  seek(seconds: number): void;
  skip(step: 1 | -1): void;
  stop?(): void;
}

const STEP = 10;

/** The Media Session of the page, as long as somebody plays. Where a browser has none, nothing happens. */
export class MediaKeys {
  readonly #player: Playable;
  readonly #handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>>;

  constructor(player: Playable) {
    this.#player = player;
    this.#handlers = {
      play: () => player.play(),
      pause: () => player.pause(),
      previoustrack: () => player.skip(-1),
      nexttrack: () => player.skip(1),
      seekbackward: ({ seekOffset }) => player.seek(player.time - (seekOffset ?? STEP)),
      seekforward: ({ seekOffset }) => player.seek(player.time + (seekOffset ?? STEP)),
      seekto: ({ seekTime }) => player.seek(seekTime ?? player.time),
      ...(player.stop && { stop: () => player.stop?.() }),
    };
    this.#each((action) => this.#handlers[action] ?? null);
  }

  /** What is played. */
  show(entry: FileEntry, report: Inspection | undefined): void {
    if (!('mediaSession' in navigator)) return;
    const tags = report?.metadata;
    const artwork = report && coverOf(report);
    navigator.mediaSession.metadata = new MediaMetadata({
      title: tags?.title ?? stemOf(entry.name),
      artist: tags?.artist ?? '',
      album: tags?.album ?? nameOf(folderOf(entry.path)),
      artwork: artwork ? [{ src: new URL(artwork, location.origin).href }] : [],
    });
    this.#each((action) => this.#handlers[action] ?? null);
  }

  /** Where the player is. */
  sync(): void {
    if (!('mediaSession' in navigator)) return;
    const { paused, time, duration } = this.#player;
    navigator.mediaSession.playbackState = paused ? 'paused' : 'playing';
    if (duration > 0)
      navigator.mediaSession.setPositionState?.({
        duration,
        position: Math.min(Math.max(0, time), duration),
      });
  }

  close(): void {
    if (!('mediaSession' in navigator)) return;
    this.#each(() => null);
    navigator.mediaSession.metadata = null;
    navigator.mediaSession.playbackState = 'none';
  }

  #each(handlerOf: (action: MediaSessionAction) => MediaSessionActionHandler | null): void {
    if (!('mediaSession' in navigator)) return;
    for (const action of Object.keys(this.#handlers) as MediaSessionAction[]) {
      try {
        navigator.mediaSession.setActionHandler(action, handlerOf(action));
      } catch {
        // Browsers know more or fewer of the actions.
      }
    }
  }
}

/** The small picture of a file, where the report says that there is one. */
export function coverOf(report: Inspection, size = 640): string | undefined {
  const { thumbnail } = report.links;
  return thumbnail === undefined ? undefined : `${thumbnail}?size=${size}`;
}
