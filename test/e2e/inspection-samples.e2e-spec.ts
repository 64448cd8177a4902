import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { inspectMedia, type MediaReport, type TrackReport } from '../../src/core/media/index.js';
import { FileSource } from '../support/isobmff/file-source.js';
import { findProgram, run } from '../support/programs.js';
import { SAMPLES } from '../support/samples.js';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/media');
/** Seconds by which two readers of a file may differ without anybody noticing. */
const TOLERANCE = 0.05;

/** What ffprobe says of a file, as far as it is compared. */
interface Probe {
  readonly format: { readonly format_name: string; readonly duration?: string };
  readonly streams: readonly Stream[];
}

interface Stream {
  /** Hexadecimal track id. */
  readonly id?: string;
  readonly codec_type: string;
  readonly codec_name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sample_aspect_ratio?: string;
  readonly channels?: number;
  readonly sample_rate?: string;
  readonly duration?: string;
  readonly side_data_list?: readonly { readonly rotation?: number }[];
  readonly tags?: { readonly language?: string };
}

const files = [SAMPLES, FIXTURES].flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\/(?:video|audio|media)$/.test(entry.parentPath))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/\.(?:md|srt|vtt)$/.test(file)),
);

/** ffprobe's words for a container, where they are not its first. */
const FORMATS: Partial<Record<MediaReport['container'], string>> = {
  mp4: 'mov',
  m4a: 'mov',
  quicktime: 'mov',
  '3gp': 'mov',
  webm: 'matroska',
};
const DESCRIBED = ['mp3', 'wav', 'matroska', 'webm', 'ogg', 'flac', 'aac'];
/** Whether there is a walker for what is in the container. */
const isDescribed = ({ container, faststartReason }: MediaReport) =>
  faststartReason !== 'not-isobmff' || DESCRIBED.includes(container);
/** Tracks ffprobe calls data. */
const DATA = ['timecode', 'metadata', 'chapters', 'hint', 'other'];

const hasNoDuration = ({ problems }: MediaReport) =>
  problems.some(({ code }) => code === 'vbr-without-seek-header');
/** Of Matroska and of files with one track of sound and nothing else ffprobe tells no numbers. */
const idOf = ({ id }: Stream, place: number) => (id === undefined ? place + 1 : Number(id));

if (findProgram(['ffprobe'])) describe('inspection agrees with ffprobe on real files', compare);
else
  describe.skip('inspection agrees with ffprobe, which is not installed', () =>
    it('skipped', () => undefined));

function compare(): void {
  describe.each(files.map((file) => [path.basename(file), file]))('%s', (name, file) => {
    let report: MediaReport;
    let probe: Probe;
    let source: FileSource;
    beforeAll(async () => {
      source = new FileSource(file);
      report = (await inspectMedia(source))!;
      const { stdout } = await run('ffprobe', [
        '-v',
        'error',
        '-show_format',
        '-show_streams',
        '-of',
        'json',
        file,
      ]);
      probe = JSON.parse(stdout) as Probe;
    });

    it('container', () => {
      expect(probe.format.format_name.split(',')[0]).toBe(FORMATS[report.container] ?? report.container);
    });

    it('for less than the file, or little', () => {
      expect(source.bytesRead).toBeLessThan(80_000);
      expect(report.bytesRead).toBe(source.bytesRead);
    });

    it('duration', () => {
      if (!isDescribed(report) || hasNoDuration(report)) return expect(report.duration).toBeNull();
      // Of ADTS both estimate: test/e2e/inspection-streams counts.
      if (report.container !== 'aac') expectNear(report.duration, probe.format.duration);
    });

    it('tracks', () => {
      if (!isDescribed(report)) return expect(report.tracks).toEqual([]);
      expect(report.tracks.map(({ id }) => id)).toEqual(probe.streams.map(idOf));
      for (const track of report.tracks) {
        const stream = probe.streams.find((candidate, place) => idOf(candidate, place) === track.id)!;
        expect(DATA.includes(track.kind) ? 'data' : track.kind).toBe(stream.codec_type);
        expect(track.codecName).toBe(stream.codec_name ?? null);
        expect(track.language ?? 'und').toBe(stream.tags?.language ?? 'und');
        // Where a track has no sample ffprobe gives it the movie's duration.
        if (track.sampleCount !== 0 && report.container !== 'aac' && !hasNoDuration(report))
          expectNear(track.duration, stream.duration);
        if (track.kind === 'video') expectSamePicture(track, stream);
        if (track.kind === 'audio') expectSameSound(track, stream);
      }
    });

    it('problems', () => {
      expect(report.problems.map(({ code }) => code)).toEqual(EXPECTED_PROBLEMS[name] ?? []);
    });
  });
}

/** Of other containers only the kind is known. */
function expectNear(actual: number | null, expected: string | undefined): void {
  if (expected === undefined) return;
  expect(Math.abs((actual ?? Infinity) - Number(expected))).toBeLessThan(TOLERANCE);
}

function expectSamePicture(track: TrackReport, stream: Stream): void {
  expect({ width: track.width, height: track.height }).toEqual({
    width: stream.width,
    height: stream.height,
  });
  // ffprobe counts counterclockwise.
  const turned = stream.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0;
  const rotation = (360 - turned) % 360;
  expect(track.rotation).toBe(rotation);
  const [horizontal, vertical] = (stream.sample_aspect_ratio ?? '1:1').split(':').map(Number) as [
    number,
    number,
  ];
  const shape = ((stream.width! / stream.height!) * horizontal) / vertical;
  expect(track.displayWidth! / track.displayHeight!).toBeCloseTo(rotation % 180 ? 1 / shape : shape, 1);
}

function expectSameSound(track: TrackReport, stream: Stream): void {
  expect({ channels: track.channels, sampleRate: track.sampleRate }).toEqual({
    channels: stream.channels,
    sampleRate: Number(stream.sample_rate),
  });
}

const LATE = ['moov-after-mdat'];
const EXPECTED_PROBLEMS: Record<string, string[]> = {
  'mp3-vbr-no-xing.mp3': ['vbr-without-seek-header'],
  'bear-vbr-no-seek-table.mp3': ['vbr-without-seek-header'],
  'flac.flac': ['no-seek-table'],
  'sample.adts': ['duration-estimated'],
  'mp4-fragmented.mp4': ['fragmented'],
  'mp4-hevc-hev1.mp4': ['hev1'],
  'mp4-moov-last.mp4': LATE,
  'quicktime.mov': LATE,
  'bbb_mono_16kHz_23.05kbps_amrwb.3gp': LATE,
  'bt601.mov': LATE,
  'dolbyVision-hdr.MOV': LATE,
  'edit_list_positive_shift.mp4': LATE,
  'fixture.m4a': LATE,
  'fixture.mov': LATE,
  'recorded-chromium.webm': ['no-duration', 'no-cues'],
  'recorded-firefox.webm': ['no-duration', 'no-cues'],
  'sample.mp4': LATE,
  'sample_av1.mp4': LATE,
  'sample_empty_track.mp4': LATE,
  'sample_fragmented.mp4': ['fragmented'],
  'sample_opus.mp4': LATE,
  // Only the front of a longer film: moov, and none of its media.
  'sample_qt.mp4': ['no-mdat', 'chunk-offset-out-of-file', 'chunk-offset-out-of-file'],
  'sample_sef_slow_motion.mp4': LATE,
};
