import type { Inspection } from '../../api/types.ts';
import { abilitiesOf } from '../../lib/abilities.ts';

/** What this very browser says about a file. */
export interface BrowserWord {
  /** `canPlayType`: empty for no, `maybe` or `probably`. */
  readonly canPlay: string;
  /** `MediaCapabilities.decodingInfo` by track; undefined where it could not be asked. */
  readonly tracks: readonly { readonly track: number; readonly supported: boolean | undefined }[];
}

/** Asks the browser about each track. Never rejects. */
export async function wordOf(playability: NonNullable<Inspection['playability']>): Promise<BrowserWord> {
  const abilities = await abilitiesOf(playability);
  return {
    canPlay: document.createElement('video').canPlayType(playability.contentType),
    tracks: abilities.map(({ track, decoding }) => ({ track, supported: decoding?.supported })),
  };
}
