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
  readonly cover: CoverTag | null;
}

export interface CoverTag {
  /** What its bytes are; `application/octet-stream` where they are not what the tags say, else what these call it. */
  readonly mediaType: string;
  /** In bytes. */
  readonly size: number;
}

/** From the worker: bytes it wants, or the end, with as much of the cover as was asked for. */
export type WorkerMessage =
  | { readonly kind: 'read'; readonly offset: number; readonly length: number }
  | { readonly kind: 'done'; readonly tags: Tags | null; readonly cover: Uint8Array | null };

/** To the worker: a file to read, with how many bytes of its cover are wanted; or the bytes it asked for. */
export type MainMessage =
  | { readonly kind: 'file'; readonly size: number; readonly mediaType: string; readonly mostOfCover: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };
