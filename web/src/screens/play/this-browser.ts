import type { Inspection } from '../../api/types.ts';

type Playability = NonNullable<Inspection['playability']>;
export type BrowserName = Playability['browsers'][number]['browser'];

/** What this very browser says about a file. */
export interface BrowserWord {
  /** `canPlayType`: empty for no, `maybe` or `probably`. */
  readonly canPlay: string;
  /** `MediaCapabilities.decodingInfo` by track; undefined where it could not be asked. */
  readonly tracks: readonly { readonly track: number; readonly supported: boolean | undefined }[];
}

/** Which of the browsers of the reports this is, by what it calls itself. Undefined for others. */
export function browserOf(userAgent: string, touchPoints: number): BrowserName | undefined {
  const says = (word: string) => userAgent.includes(word);
  const isApple = /iPhone|iPad|iPod/.test(userAgent) || (says('Macintosh') && touchPoints > 1);
  // Every browser of an iPhone is Safari within.
  if (isApple) return 'safari-ios';
  if (says('Firefox/')) return 'firefox';
  if (says('Edg/')) return 'edge';
  if (says('Chrome/')) return says('Android') ? 'chrome-android' : 'chrome';
  return /Version\/.*Safari\//.test(userAgent) ? 'safari' : undefined;
}

/** Asks the browser about each track. Never rejects. */
export async function wordOf(playability: Playability): Promise<BrowserWord> {
  const media = document.createElement('video');
  return {
    canPlay: media.canPlayType(playability.contentType),
    tracks: await Promise.all(
      playability.configurations.map(async (configuration) => ({
        track: configuration.track,
        supported: await isSupported(configuration),
      })),
    ),
  };
}

/** What a file does not say is asked as what is usual: a whole answer needs whole questions. */
async function isSupported(
  configuration: Playability['configurations'][number],
): Promise<boolean | undefined> {
  try {
    const asked: MediaDecodingConfiguration =
      'video' in configuration
        ? {
            type: 'file',
            video: {
              contentType: configuration.video.contentType,
              width: configuration.video.width ?? 1280,
              height: configuration.video.height ?? 720,
              bitrate: configuration.video.bitrate ?? 2_000_000,
              framerate: configuration.video.framerate ?? 25,
            },
          }
        : {
            type: 'file',
            audio: {
              contentType: configuration.audio.contentType,
              channels: configuration.audio.channels ?? '2',
              bitrate: configuration.audio.bitrate ?? 128_000,
              samplerate: configuration.audio.samplerate ?? 48_000,
            },
          };
    return (await navigator.mediaCapabilities.decodingInfo(asked)).supported;
  } catch {
    return undefined;
  }
}
