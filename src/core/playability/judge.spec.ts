import { describe, expect, it } from '@jest/globals';
import type { Container, MediaReport, Problem, TrackReport } from '../media/index.js';
import { type BrowserName, BROWSERS, type Feature, loadBrowserSupport } from './browser-support.js';
import { judge, type StreamForm } from './judge.js';
import type { Verdict } from './playability.js';

const AS_STORED: StreamForm = { outcomes: [], report: null };

function track(id: number, kind: 'video' | 'audio', fields: Partial<TrackReport>): TrackReport {
  return {
    id,
    kind,
    handler: kind === 'video' ? 'vide' : 'soun',
    enabled: true,
    sampleEntry: null,
    codec: null,
    codecName: null,
    encrypted: false,
    encryptionScheme: null,
    language: null,
    duration: 60,
    startTime: 0,
    timescale: 1000,
    sampleCount: null,
    bitRate: null,
    width: null,
    height: null,
    displayWidth: null,
    displayHeight: null,
    rotation: null,
    mirrored: false,
    pixelAspectRatio: null,
    frameRate: null,
    channels: null,
    sampleRate: null,
    ...fields,
  };
}

const h264 = (codec = 'avc1.64001f') =>
  track(1, 'video', { codecName: 'h264', codec, width: 1280, height: 720, frameRate: 25 });
const hevc = (codec: string) => track(1, 'video', { codecName: 'hevc', codec });
const aac = (codec = 'mp4a.40.2') =>
  track(2, 'audio', { codecName: 'aac', codec, channels: 2, sampleRate: 48_000, bitRate: 128_000 });
const sound = (codecName: string, codec: string | null = codecName, id = 2) =>
  track(id, 'audio', { codecName, codec });
const picture = (codecName: string, codec: string | null = codecName) =>
  track(1, 'video', { codecName, codec });

const LATE: Problem = {
  code: 'moov-after-mdat',
  severity: 'warning',
  message: 'The moov box stands behind the media.',
  fix: 'ffmpeg',
};

function report(container: Container, tracks: TrackReport[], ...problems: Problem[]): MediaReport {
  return {
    container,
    mediaType: `video/${container}`,
    size: 1e6,
    faststart: true,
    faststartReason: null,
    majorBrand: 'isom',
    minorVersion: 0,
    compatibleBrands: [],
    fragmented: false,
    moov: null,
    mdats: [],
    bytesBeforeMoov: null,
    boxes: [],
    boxesTruncated: false,
    duration: 60,
    bitRate: 2_000_000,
    tracks,
    playlist: null,
    problems,
    bytesRead: 0,
  };
}

const [Y, S, U, N] = ['plays', 'plays-via-stream', 'uncertain', 'fails'] as const satisfies Verdict[];

function verdicts(file: MediaReport, stream = AS_STORED): Verdict[] {
  return judge(file, stream)!.browsers.map(({ verdict }) => verdict);
}
function reasonsOf(browser: BrowserName, file: MediaReport, stream = AS_STORED) {
  return judge(file, stream)!.browsers.find((one) => one.browser === browser)!.reasons;
}

describe('a verdict, in Chrome, Edge, Firefox, Safari, Safari on iOS and Chrome for Android', () => {
  // By caniuse-lite 1.0.30001826; where browsers learn something new a row may have to follow.
  it.each<[string, Container, TrackReport[], Verdict[]]>([
    ['H.264 and AAC in MP4', 'mp4', [h264(), aac()], [Y, Y, Y, Y, Y, Y]],
    ['H.264 and MP3 in MP4', 'mp4', [h264(), sound('mp3')], [Y, Y, Y, Y, Y, Y]],
    ['H.264 and AAC in QuickTime', 'quicktime', [h264(), aac()], [Y, Y, Y, Y, Y, Y]],
    ['H.264 High 10', 'mp4', [h264('avc1.6e0028'), aac()], [U, U, U, U, U, U]],
    ['H.264 High 4:2:2', 'mp4', [h264('avc1.7a0028'), aac()], [U, U, U, U, U, U]],
    ['HEVC as hvc1', 'mp4', [hevc('hvc1.1.6.L93.B0'), aac()], [U, U, U, Y, Y, U]],
    ['HEVC as hev1', 'mp4', [hevc('hev1.1.6.L93.B0'), aac()], [U, U, U, N, N, U]],
    ['HEVC 4:2:2', 'mp4', [hevc('hvc1.4.10.L93.B0'), aac()], [U, U, U, U, U, U]],
    ['Dolby Vision', 'mp4', [picture('hevc', 'dvh1.08.06'), aac()], [U, U, U, U, U, U]],
    ['AV1', 'mp4', [picture('av1', 'av01.0.04M.08')], [Y, Y, Y, U, U, Y]],
    ['VP9 in WebM', 'webm', [picture('vp9', 'vp09.00.10.08'), sound('opus')], [Y, Y, Y, U, Y, Y]],
    ['VP9 of 10 bits', 'webm', [picture('vp9', 'vp09.02.10.10')], [U, U, U, U, U, U]],
    ['H.264 in Matroska', 'matroska', [h264(), aac()], [Y, Y, Y, N, N, Y]],
    ['HEVC in Matroska', 'matroska', [hevc('hev1.1.6.L93.B0'), aac()], [U, U, U, N, N, U]],
    ['AC-3 in Matroska', 'matroska', [h264(), sound('ac3')], [N, N, N, N, N, N]],
    ['AC-3 in MP4', 'mp4', [h264(), sound('ac3', 'ac-3')], [N, N, N, U, U, N]],
    ['ALAC', 'm4a', [sound('alac')], [N, N, N, U, U, N]],
    ['Vorbis in Ogg', 'ogg', [sound('vorbis')], [Y, Y, Y, Y, Y, Y]],
    ['Theora in Ogg', 'ogg', [picture('theora')], [N, N, N, N, N, N]],
    ['FLAC', 'flac', [sound('flac')], [Y, Y, Y, Y, Y, Y]],
    ['MP3', 'mp3', [sound('mp3')], [Y, Y, Y, Y, Y, Y]],
    ['AAC in ADTS', 'aac', [aac()], [Y, Y, Y, Y, Y, Y]],
    ['PCM in WAV', 'wav', [sound('pcm_s16le')], [Y, Y, Y, Y, Y, Y]],
    ['A-law in WAV', 'wav', [sound('pcm_alaw')], [U, U, U, U, U, U]],
    ['PCM in QuickTime', 'quicktime', [h264(), sound('pcm_s16le')], [N, N, N, U, U, N]],
    ['ProRes', 'quicktime', [picture('prores', null)], [N, N, N, U, U, N]],
    ['an unknown codec', 'mp4', [track(1, 'video', {})], [U, U, U, U, U, U]],
    ['AVI', 'avi', [], [N, N, N, U, U, N]],
    ['Flash', 'flv', [], [N, N, N, N, N, N]],
    ['a playlist', 'hls', [], [Y, N, N, Y, Y, Y]],
    ['MPEG-TS', 'mpeg-ts', [h264(), aac()], [N, N, N, U, U, N]],
  ])('on %s', (_, container, tracks, expected) => {
    expect(verdicts(report(container, tracks))).toEqual(expected);
  });

  it('is not given on pictures', () => {
    expect(judge(report('heif', []), AS_STORED)).toBeNull();
  });

  it('says as of when', () => {
    const { data, browsers } = judge(report('mp4', []), AS_STORED)!;
    expect(data).toMatch(/^caniuse-lite \d+\.\d+\.\d+$/);
    expect(browsers.map(({ browser }) => browser)).toEqual([...BROWSERS]);
    expect(browsers.every(({ version }) => /^\d+/.test(version))).toBe(true);
    expect(Number(browsers[0]!.version)).toBeGreaterThanOrEqual(157);
  });

  it('follows the data', () => {
    const support = {
      ...loadBrowserSupport(),
      of: (feature: Feature) => (feature === 'hevc' ? 'yes' : 'no'),
    };
    const verdictOn = (one: TrackReport) =>
      judge(report('mp4', [one]), AS_STORED, support)!.browsers.map(({ verdict }) => verdict);
    expect(verdictOn(hevc('hvc1.1.6.L93.B0'))).toEqual([Y, Y, Y, Y, Y, Y]);
    expect(verdictOn(h264())).toEqual([N, N, N, N, N, N]);
  });
});

describe('the reasons', () => {
  it('name the track, the codec, what is missing and what to do', () => {
    expect(reasonsOf('chrome', report('mp4', [h264(), sound('ac3', 'ac-3')]))).toEqual([
      {
        code: 'codec-unsupported',
        effect: 'fails',
        track: 2,
        message: expect.stringMatching(
          /^Track 2 \(audio, ac-3\): Chrome \d+ does not play ac3 \(ac-3\)\. There would be no sound\.$/,
        ),
        advice: expect.stringContaining('-c:v copy -c:a aac'),
      },
    ]);
  });

  it('tell what depends on the device', () => {
    expect(reasonsOf('chrome', report('mp4', [hevc('hvc1.1.6.L93.B0')]))).toMatchObject([
      { code: 'codec-uncertain', effect: 'uncertain', message: expect.stringContaining('hardware') },
    ]);
  });

  it('start with the weightiest', () => {
    const file = report('mp4', [hevc('hvc1.1.6.L93.B0'), sound('dts', 'dtsc')], LATE);
    expect(reasonsOf('chrome', file).map(({ effect }) => effect)).toEqual(['fails', 'uncertain', 'drawback']);
  });

  it('say that an encrypted track needs a key', () => {
    const file = report('mp4', [{ ...h264(), encrypted: true }, aac()]);
    expect(verdicts(file)).toEqual([N, N, N, N, N, N]);
    expect(reasonsOf('safari', file)).toMatchObject([{ code: 'encrypted', track: 1 }]);
  });

  it('do not let a second sound track keep a film from playing', () => {
    const file = report('mp4', [h264(), aac(), sound('ac3', 'ac-3', 3)]);
    expect(verdicts(file)).toEqual([Y, Y, Y, Y, Y, Y]);
    expect(reasonsOf('chrome', file)).toMatchObject([{ code: 'other-track-unsupported', track: 3 }]);
  });

  it('judge the enabled track where the first is not', () => {
    const ac3 = { ...sound('ac3', 'ac-3'), enabled: false };
    expect(verdicts(report('mp4', [h264(), ac3, { ...aac(), id: 3 }]))[0]).toBe(Y);
  });

  it.each([
    ['no-moov', 'error', N],
    ['truncated', 'error', U],
    ['multiple-moov', 'warning', Y],
    ['trailing-data', 'info', Y],
  ] as const)('of the file: %s, an %s', (code, severity, expected) => {
    const file = report('mp4', [h264()], { code, severity, message: 'So it is.' });
    expect(verdicts(file)).toEqual(Array(6).fill(expected));
    expect(reasonsOf('chrome', file).length).toBe(severity === 'info' ? 0 : 1);
  });

  it('count fragments against a file only where no index lists them', () => {
    const fragmented: Problem = { code: 'fragmented', severity: 'info', message: 'In pieces.' };
    const file = report('mp4', [h264()], fragmented);
    expect(reasonsOf('chrome', file)).toMatchObject([{ code: 'fragmented', effect: 'drawback' }]);
    const indexed = { ...file, boxes: [{ type: 'sidx', offset: 0, size: 9 }] };
    expect(reasonsOf('chrome', indexed)).toEqual([]);
  });
});

describe('what /stream mends', () => {
  const late = report('mp4', [h264(), aac()], LATE);
  const moved: StreamForm = {
    outcomes: [{ repair: 'faststart', state: 'applied', changes: ['The moov box is in front.'] }],
    report: report('mp4', [h264(), aac()]),
  };

  it('plays via the stream, and says what is different there', () => {
    expect(verdicts(late, moved)).toEqual([S, S, S, S, S, S]);
    expect(reasonsOf('firefox', late, moved)).toEqual([
      {
        ...LATE,
        fix: undefined,
        severity: undefined,
        effect: 'repaired',
        advice: 'Play it from /stream.',
        track: null,
      },
      {
        code: 'repaired',
        effect: 'repaired',
        message: '/stream sends it with the repair faststart. The moov box is in front.',
        track: null,
      },
    ]);
  });

  it('plays late where nothing can be mended', () => {
    const outcomes = [{ repair: 'faststart', state: 'impossible', reason: 'x', message: 'y' } as const];
    expect(verdicts(late, { outcomes, report: null })).toEqual([Y, Y, Y, Y, Y, Y]);
    expect(reasonsOf('chrome', late)).toMatchObject([{ code: 'moov-after-mdat', effect: 'drawback' }]);
  });

  it('makes HEVC tagged hev1 play in Safari, and leaves it to the hardware elsewhere', () => {
    const retagged: StreamForm = {
      outcomes: [{ repair: 'hvc1', state: 'applied', changes: [] }],
      report: report('mp4', [hevc('hvc1.1.6.L93.B0')]),
    };
    const file = report('mp4', [hevc('hev1.1.6.L93.B0')]);
    expect(verdicts(file, retagged)).toEqual([U, U, U, S, S, U]);
    expect(reasonsOf('safari', file, retagged)).toMatchObject([
      { code: 'hev1', effect: 'repaired' },
      { code: 'repaired' },
    ]);
  });

  it('fails where it mends the one thing and not the other', () => {
    const file = report('mp4', [h264(), sound('dts', 'dtsc')], LATE);
    const stream = { ...moved, report: report('mp4', [h264(), sound('dts', 'dtsc')]) };
    expect(verdicts(file, stream)[0]).toBe(N);
  });
});

describe('what to ask a browser', () => {
  const ask = (container: Container, mediaType: string, ...tracks: TrackReport[]) =>
    judge({ ...report(container, tracks), mediaType }, AS_STORED)!;

  it.each([
    ['video/mp4; codecs="avc1.64001f, mp4a.40.2"', ask('mp4', 'video/mp4', h264(), aac())],
    ['video/mp4; codecs="avc1.64001f"', ask('quicktime', 'video/quicktime', h264())],
    ['audio/ogg; codecs="opus"', ask('ogg', 'audio/ogg', sound('opus'))],
    ['audio/mpeg', ask('mp3', 'audio/mpeg', sound('mp3'))],
    ['video/mp4', ask('mp4', 'video/mp4', picture('prores', null), aac())],
    ['video/x-msvideo', ask('avi', 'video/x-msvideo')],
  ])('%s', (expected, { contentType }) => {
    expect(contentType).toBe(expected);
  });

  it('about each track, in the words of MediaCapabilities', () => {
    expect(ask('mp4', 'video/mp4', h264(), aac()).configurations).toEqual([
      {
        track: 1,
        video: {
          contentType: 'video/mp4; codecs="avc1.64001f"',
          width: 1280,
          height: 720,
          bitrate: 2_000_000,
          framerate: 25,
        },
      },
      {
        track: 2,
        audio: {
          contentType: 'audio/mp4; codecs="mp4a.40.2"',
          channels: '2',
          bitrate: 128_000,
          samplerate: 48_000,
        },
      },
    ]);
  });
});
