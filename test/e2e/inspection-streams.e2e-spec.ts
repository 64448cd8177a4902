import { open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemorySource } from '../../src/core/bytes/index.js';
import { inspectMedia, type MediaReport } from '../../src/core/media/index.js';
import { FileSource } from '../support/isobmff/file-source.js';
import { makeFolder } from '../support/playhead.js';
import { findProgram, run } from '../support/programs.js';

/** Seconds by which two readers of a file may differ without anybody noticing. */
const TOLERANCE = 0.05;

const TONE = ['-f', 'lavfi', '-i', 'sine=440:d=12:r=44100', '-ac', '2'];
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc=s=320x180:r=25:d=12'];
const BOTH = [...PICTURE, ...TONE];

/** What ffmpeg makes, and what it is made with. */
const FILES: Record<string, readonly string[]> = {
  'vorbis.ogg': [...TONE, '-c:a', 'libvorbis'],
  'opus.ogg': [...TONE, '-c:a', 'libopus'],
  'flac.oga': [...TONE, '-c:a', 'flac'],
  'speex.ogg': [...TONE, '-ac', '1', '-ar', '16000', '-c:a', 'libspeex'],
  'theora.ogv': [...BOTH, '-c:v', 'libtheora', '-c:a', 'libvorbis'],
  'flac.flac': [...TONE, '-c:a', 'flac'],
  'h264-aac.ts': [...BOTH, '-c:v', 'libx264', '-c:a', 'aac'],
  'h264-b-frames.ts': [...BOTH, '-c:v', 'libx264', '-bf', '3', '-c:a', 'libmp3lame'],
  'late.ts': [...BOTH, '-c:v', 'libx264', '-c:a', 'aac', '-output_ts_offset', '95440'],
  'mpeg2-ac3.ts': [...BOTH, '-c:v', 'mpeg2video', '-c:a', 'ac3'],
  'hevc.ts': [...PICTURE, '-c:v', 'libx265', '-x265-params', 'log-level=none'],
  'camera.m2ts': [...BOTH, '-c:v', 'libx264', '-c:a', 'ac3', '-mpegts_m2ts_mode', '1'],
  // Its last packet is a short one.
  'sound.ts': [...TONE, '-t', '10.1', '-c:a', 'aac', '-metadata:s:a:0', 'language=deu'],
};

interface Stream {
  readonly codec_type: string;
  readonly codec_name: string;
  readonly channels?: number;
  readonly sample_rate?: string;
  readonly width?: number;
  readonly height?: number;
  readonly tags?: { readonly language?: string };
}

if (findProgram(['ffmpeg', 'ffprobe'])) describe('what ffmpeg writes', () => compare());
else describe.skip('what ffmpeg writes, which is not installed', () => it('skipped', () => undefined));

function compare(): void {
  let folder: string;
  beforeAll(async () => {
    folder = await makeFolder();
  });
  afterAll(() => rm(folder, { recursive: true }));
  const make = async (name: string, ...args: readonly string[]) => {
    const { code, stderr } = await run(
      'ffmpeg',
      ['-v', 'error', '-y', ...args, '-strict', '-2', name],
      folder,
    );
    if (code !== 0) throw new Error(stderr);
    return path.join(folder, name);
  };
  const inspect = async (file: string): Promise<MediaReport> => (await inspectMedia(new FileSource(file)))!;

  it.each(Object.entries(FILES))('%s', async (name, args) => {
    const file = await make(name, ...args);
    const report = await inspect(file);
    const probed = await run('ffprobe', [
      '-v',
      'error',
      '-show_format',
      '-show_streams',
      '-of',
      'json',
      file,
    ]);
    const { format, streams } = JSON.parse(probed.stdout) as {
      format: { duration: string };
      streams: Stream[];
    };
    // Of a stream of sound alone ffprobe leaves out what the last packet holds.
    const expected = name === 'sound.ts' ? 10.1 : Number(format.duration);
    expect(Math.abs(report.duration! - expected)).toBeLessThan(TOLERANCE);
    expect(report.tracks).toHaveLength(streams.length);
    streams.forEach((stream, index) => {
      const track = report.tracks[index]!;
      expect(track.kind).toBe(stream.codec_type);
      expect(track.codecName).toBe(stream.codec_name);
      expect(track.language).toBe(stream.tags?.language ?? null);
      // Of pictures and AC-3 in a transport stream only the codec is read.
      if (track.channels !== null) expect(track.channels).toBe(stream.channels);
      if (track.sampleRate !== null) expect(track.sampleRate).toBe(Number(stream.sample_rate));
      if (track.width !== null) expect([track.width, track.height]).toEqual([stream.width, stream.height]);
    });
  });

  it('with codec strings, rates and channels in a transport stream', async () => {
    const { tracks, mediaType } = await inspect(path.join(folder, 'h264-aac.ts'));
    expect(mediaType).toBe('video/mp2t');
    expect(tracks).toMatchObject([
      { codec: expect.stringMatching(/^avc1\.[0-9a-f]{6}$/) },
      { codec: 'mp4a.40.2', channels: 2, sampleRate: 44_100 },
    ]);
    const { tracks: withMp3 } = await inspect(path.join(folder, 'h264-b-frames.ts'));
    expect(withMp3[1]).toMatchObject({ codecName: 'mp3', channels: 2, sampleRate: 44_100 });
  });

  it('with a duration across the wrap of a 33-bit clock', async () => {
    // 2^33 / 90000 s after the start of the clock, in the middle of the film.
    const { duration } = await inspect(path.join(folder, 'late.ts'));
    expect(duration).toBeGreaterThan(11.9);
    expect(duration).toBeLessThan(12.2);
  });

  it('ADTS: counts the frames of a short file, and estimates a long one', async () => {
    const short = await make('short.aac', ...TONE, '-c:a', 'aac', '-b:a', '96k');
    const frame = 1024 / 44_100;
    const { duration, tracks, problems } = await inspect(short);
    expect(Math.abs(duration! - 12)).toBeLessThan(2 * frame);
    expect(tracks).toMatchObject([{ codec: 'mp4a.40.2', channels: 2, sampleRate: 44_100 }]);
    expect(problems).toMatchObject([{ code: 'duration-estimated' }]);
    const bytes = await readFile(short);
    const long = path.join(folder, 'long.aac');
    await writeFile(long, Buffer.concat(Array.from({ length: 20 }, () => bytes)));
    const report = await inspect(long);
    expect(Math.abs(report.duration! - duration! * 20) / 240).toBeLessThan(0.02);
    expect(report.bytesRead).toBeLessThan(300_000);
  });

  it('FLAC written into a pipe has no duration, and says so', async () => {
    const file = await make('piped.flac', ...TONE, '-c:a', 'flac');
    const handle = await open(file, 'r+');
    // The last four bits of byte 21 and the next 32 are the number of samples.
    const [kept] = (await handle.read(Buffer.alloc(1), 0, 1, 21)).buffer;
    await handle.write(Buffer.from([kept! & 0xf0, 0, 0, 0, 0]), 0, 5, 21);
    await handle.close();
    const { duration, tracks, problems } = await inspect(file);
    expect(duration).toBeNull();
    expect(tracks).toMatchObject([{ codecName: 'flac', sampleRate: 44_100 }]);
    expect(problems.map(({ code }) => code)).toContain('no-duration');
  });

  it('Ogg that is cut off lasts as long as what there is', async () => {
    const file = path.join(folder, 'vorbis.ogg');
    const whole = await readFile(file);
    const cut = path.join(folder, 'cut.ogg');
    await writeFile(cut, whole.subarray(0, Math.floor(whole.length / 2)));
    const { duration } = await inspect(cut);
    expect(duration).toBeGreaterThan(3);
    expect(duration).toBeLessThan(9);
  });

  it('damaged: answers whatever the bytes are, for little', async () => {
    const names = ['theora.ogv', 'flac.oga', 'flac.flac', 'h264-aac.ts', 'camera.m2ts', 'short.aac'];
    const wholes = await Promise.all(
      names.map(async (name) => (await readFile(path.join(folder, name))).subarray(0, 20_000)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...wholes),
        fc.array(fc.tuple(fc.oneof(fc.nat(400), fc.nat(19_999)), fc.nat(255)), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.integer({ min: 100, max: 20_000 }),
        async (whole, changes, length) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          const report = await inspectMedia(new MemorySource(bytes.subarray(0, length)));
          expect(report?.bytesRead ?? 0).toBeLessThan(200_000);
        },
      ),
      { numRuns: 2000, seed: 9 },
    );
  });

  it('HLS: variants of a master playlist, segments of a media playlist', async () => {
    const segmented = ['-f', 'hls', '-hls_time', '2', '-hls_segment_filename', 's%d.ts'];
    const encoders = ['-c:v', 'libx264', '-g', '50', '-c:a', 'aac'];
    const media = await make('media.m3u8', ...BOTH, ...encoders, '-hls_playlist_type', 'vod', ...segmented);
    expect(await inspect(media)).toMatchObject({
      container: 'hls',
      duration: expect.closeTo(12, 0),
      bitRate: null,
      playlist: { kind: 'media', segments: 6, live: false, fragmentedMp4: false, encrypted: false },
      problems: [],
    });
    const live = path.join(folder, 'live.m3u8');
    await writeFile(live, (await readFile(media, 'utf8')).replace('#EXT-X-ENDLIST', ''));
    const report = await inspect(live);
    expect(report).toMatchObject({ duration: null, playlist: { live: true } });
    expect(report.problems.map(({ code }) => code)).toEqual(['no-end-list']);
    await make(
      'v%v.m3u8',
      ...BOTH,
      ...encoders,
      ...['-f', 'hls', '-hls_segment_type', 'fmp4', '-master_pl_name', 'master.m3u8'],
      ...['-hls_list_size', '0', '-var_stream_map', 'v:0,a:0', '-b:v', '300k'],
    );
    expect(await inspect(path.join(folder, 'v0.m3u8'))).toMatchObject({ playlist: { fragmentedMp4: true } });
    expect(await inspect(path.join(folder, 'master.m3u8'))).toMatchObject({
      duration: null,
      playlist: {
        kind: 'master',
        variants: [
          {
            uri: 'v0.m3u8',
            bandwidth: expect.any(Number),
            codecs: expect.stringMatching(/^avc1\.\w{6},mp4a\.40\.2$/),
            width: 320,
            height: 180,
          },
        ],
      },
    });
  });
}
