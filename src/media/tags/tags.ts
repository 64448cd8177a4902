/** What a file's tags say about the work in it. Plain JSON; texts of at most 1000 characters. */
export interface Tags {
  readonly title: string | null;
  readonly artist: string | null;
  readonly album: string | null;
  readonly albumArtist: string | null;
  /** Its number on the album. */
  readonly track: number | null;
  readonly year: number | null;
  readonly genre: string | null;
  readonly comment: string | null;
  /** The picture players show for it. */
  readonly cover: { readonly mediaType: string; readonly size: number } | null;
}

/** From the worker: bytes it wants, or the end. */
export type WorkerMessage =
  | { readonly kind: 'read'; readonly offset: number; readonly length: number }
  | { readonly kind: 'done'; readonly tags: Tags | null };

/** To the worker: a file to read, or the bytes it asked for. */
export type MainMessage =
  | { readonly kind: 'file'; readonly size: number; readonly mediaType: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };
