import type { Inspection } from '../../api/types.ts';
import { t } from '../../i18n/language.svelte.ts';
import { formatDuration, formatNumber, formatSize } from '../../lib/format.svelte.ts';

/** A name, what it stands for (undefined where that is not known), and whether that is the word of a format. */
export type Fact = readonly [name: string, value: string | undefined, isCode?: boolean];

type Track = Inspection['tracks'][number];

/** 1500000 as "1.5 Mbit/s"; the unit is written so in every language of the page. */
export function formatBitRate(bitsPerSecond: number): string {
  const [value, unit] =
    bitsPerSecond >= 1_000_000 ? [bitsPerSecond / 1_000_000, 'Mbit/s'] : [bitsPerSecond / 1000, 'kbit/s'];
  return `${formatNumber(value, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}

/** What there is to say about the file as a whole. */
export function factsOfFile(report: Inspection): readonly Fact[] {
  const texts = t().inspect;
  const brands = [report.majorBrand, ...report.compatibleBrands].filter((brand) => brand !== null);
  return [
    [texts.container, report.container, true],
    [texts.mediaType, report.mediaType, true],
    [texts.brands, [...new Set(brands)].map((brand) => brand.trim()).join(', '), true],
    [texts.duration, durationOf(report.duration)],
    [texts.bitRate, report.bitRate === null ? undefined : formatBitRate(report.bitRate)],
    [texts.size, sizeOf(report.size)],
    [texts.bytesRead, formatSize(report.bytesRead)],
  ];
}

/** What there is to say about a track; what does not apply to its kind is not known. */
export function factsOfTrack(track: Track): readonly Fact[] {
  const texts = t().inspect;
  const number = (value: number | null | undefined, digits = 0) =>
    value == null ? undefined : formatNumber(value, { maximumFractionDigits: digits });
  const of = (width: number | null | undefined, height: number | null | undefined) =>
    width == null || height == null ? undefined : `${Math.round(width)} × ${Math.round(height)}`;
  const coded = of(track.width, track.height);
  const shown = of(track.displayWidth, track.displayHeight);
  const frameRate = number(track.frameRate, 3);
  const pixels = track.pixelAspectRatio;
  const turned = [
    track.rotation ? texts.degrees(formatNumber(track.rotation)) : undefined,
    track.mirrored ? texts.mirrored : undefined,
  ];
  return [
    [texts.codec, [track.codecName, track.codec ?? track.sampleEntry].filter(Boolean).join(' · '), true],
    [texts.coded, coded],
    [texts.shown, shown === coded ? undefined : shown],
    [texts.rotation, turned.filter(Boolean).join(', ')],
    [texts.pixels, pixels && pixels[0] !== pixels[1] ? pixels.join(':') : undefined],
    [texts.frameRate, frameRate && texts.perSecond(frameRate)],
    [
      texts.channels,
      track.channels == null ? undefined : (texts.channelNames[track.channels] ?? number(track.channels)),
    ],
    [texts.sampleRate, track.sampleRate == null ? undefined : `${number(track.sampleRate) ?? ''} Hz`],
    [texts.bitRate, track.bitRate == null ? undefined : formatBitRate(track.bitRate)],
    [texts.trackLanguage, track.language ?? undefined, true],
    [texts.duration, durationOf(track.duration)],
    [texts.startTime, track.startTime ? texts.seconds(number(track.startTime, 3) ?? '') : undefined],
    [texts.samples, number(track.sampleCount)],
    [texts.encryption, track.encrypted ? (track.encryptionScheme ?? texts.yes) : undefined, true],
  ];
}

/** What the tags say. */
export function factsOfTags({ cover, ...tags }: NonNullable<Inspection['metadata']>): readonly Fact[] {
  const names = t().inspect.tagNames;
  const texts = Object.entries(tags).map(([name, value]): Fact => [
    names[name] ?? name,
    value === null ? undefined : String(value),
  ]);
  const picture = cover ? `${cover.mediaType}, ${formatSize(cover.size)}` : undefined;
  return [...texts, [names.cover ?? '', picture]];
}

/** What an HLS playlist says of itself; its variants are told one by one. */
export function factsOfPlaylist(playlist: NonNullable<Inspection['playlist']>): readonly Fact[] {
  const texts = t().inspect;
  return [
    [texts.playlistKind, texts.playlistKinds[playlist.kind]],
    ...(playlist.kind === 'media'
      ? ([
          [texts.segments, formatNumber(playlist.segments)],
          [texts.duration, playlist.live ? texts.live : texts.ended],
        ] as const)
      : []),
    [texts.container, playlist.fragmentedMp4 ? texts.fragmentedMp4 : undefined],
    [texts.encryption, playlist.encrypted ? texts.yes : undefined],
  ];
}

function durationOf(seconds: number | null): string | undefined {
  if (seconds === null) return undefined;
  const exact = t().inspect.seconds(formatNumber(seconds, { maximumFractionDigits: 2 }));
  return seconds < 60 ? exact : `${formatDuration(seconds)} (${exact})`;
}

function sizeOf(bytes: number): string {
  return bytes < 1000 ? formatSize(bytes) : `${formatSize(bytes)} (${t().look.bytes(formatNumber(bytes))})`;
}
