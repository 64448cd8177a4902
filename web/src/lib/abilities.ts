import type { Inspection } from '../api/types.ts';

type Playability = NonNullable<Inspection['playability']>;
type Configuration = Playability['configurations'][number];

/** What a browser says of a track. */
export interface Ability {
  readonly track: number;
  readonly contentType: string;
  /** Undefined where it could not be asked, or did not say. */
  readonly decoding:
    { readonly supported: boolean; readonly smooth: boolean; readonly powerEfficient: boolean } | undefined;
}

/**
 * Asks a browser about each track of picture and sound (Media Capabilities, 2.4). Never rejects.
 * @param capabilities `navigator.mediaCapabilities`, which insecure pages and old engines lack
 */
export function abilitiesOf(
  { configurations }: Playability,
  // Pages without TLS have none in some engines, whatever their types say.
  capabilities = navigator.mediaCapabilities as Pick<MediaCapabilities, 'decodingInfo'> | undefined,
): Promise<readonly Ability[]> {
  return Promise.all(
    configurations.map(async (configuration) => {
      const { contentType } = 'video' in configuration ? configuration.video : configuration.audio;
      const asked = questionOf(configuration);
      // Some engines throw what others answer with "not supported".
      const decoding = await Promise.resolve(asked)
        .then((question) => capabilities?.decodingInfo(question))
        .catch(() => undefined);
      return { track: configuration.track, contentType, decoding };
    }),
  );
}

/** What the file does not say is asked as what is usual: a question with holes is an error. */
function questionOf(configuration: Configuration): MediaDecodingConfiguration {
  if ('video' in configuration) {
    const { contentType, width, height, bitrate, framerate } = configuration.video;
    const size = { width: width ?? 1280, height: height ?? 720 };
    return {
      type: 'file',
      video: {
        contentType,
        ...size,
        bitrate: positive(bitrate, 2_000_000),
        framerate: positive(framerate, 25),
      },
    };
  }
  const { contentType, channels, bitrate, samplerate } = configuration.audio;
  return {
    type: 'file',
    audio: {
      contentType,
      channels: channels ?? '2',
      bitrate: bitrate ?? 128_000,
      samplerate: samplerate ?? 48_000,
    },
  };
}

/** A rate of nothing may not be asked for either. */
function positive(value: number | null, usual: number): number {
  return value !== null && value > 0 ? value : usual;
}
