import { open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { runPlayhead } from '../support/playhead-process.js';
import { SAMPLES } from '../support/samples.js';

const SLOW = path.join(SAMPLES, 'video/mp4-moov-last.mp4');
const FAST = path.join(SAMPLES, 'video/mp4-moov-first.mp4');
const SONG = path.join(SAMPLES, 'audio/mp3-cbr.mp3');
/** ID3v2.3 with a title, an artist and a picture of 99 bytes. */
const SONG_TAG = id3({
  TIT2: '\0A song',
  TPE1: '\0Somebody',
  APIC: `\0image/png\0\x03\0${'\x89PNG\r\n\x1a\n'.padEnd(99, '\0')}`,
});
function id3(frames: Record<string, string>): Buffer {
  const written = Object.entries(frames).map(([id, content]) => {
    const head = Buffer.from(`${id}\0\0\0\0\0\0`, 'latin1');
    head.writeUInt32BE(content.length, 4);
    return Buffer.concat([head, Buffer.from(content, 'latin1')]);
  });
  const body = Buffer.concat(written);
  return Buffer.concat([
    Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, body.length >> 7, body.length & 127]),
    body,
  ]);
}
const HUGE = 5 * 2 ** 30;

/** Where moov stands in the sample whose moov is last, by its own box headers. */
async function moovOf(file: string): Promise<{ offset: number; box: Buffer; ftyp: Buffer }> {
  const bytes = await readFile(file);
  const ftyp = bytes.subarray(0, bytes.readUInt32BE(0));
  for (let offset = 0; offset < bytes.length; offset += bytes.readUInt32BE(offset)) {
    const size = bytes.readUInt32BE(offset);
    if (bytes.toString('latin1', offset + 4, offset + 8) === 'moov') {
      return { offset, box: bytes.subarray(offset, offset + size), ftyp };
    }
  }
  throw new Error('no moov');
}

describe('inspections', () => {
  let playhead: Playhead;
  beforeAll(async () => {
    playhead = await startPlayhead();
    const at = (name: string) => path.join(playhead.root, name);
    await writeFile(at('slow.mp4'), await readFile(SLOW));
    await writeFile(at('fast.mp4'), await readFile(FAST));
    await writeFile(at('page.mp4'), '<!doctype html><title>not a film</title>');
    await writeFile(at('empty.mp4'), '');
    await writeFile(at('song.mp3'), Buffer.concat([SONG_TAG, await readFile(SONG)]));
    // A film of 5 GiB with its moov at the end: a 64-bit mdat of nothing, on disk a hole.
    const { box, ftyp } = await moovOf(SLOW);
    const mdat = Buffer.alloc(16);
    mdat.writeUInt32BE(1, 0);
    mdat.write('mdat', 4, 'latin1');
    mdat.writeBigUInt64BE(BigInt(HUGE), 8);
    const huge = await open(at('huge.mp4'), 'w');
    await huge.write(Buffer.concat([ftyp, mdat]), 0, undefined, 0);
    await huge.write(box, 0, undefined, ftyp.length + HUGE);
    await huge.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  afterAll(() => playhead.close());
  const inspect = (name: string) => playhead.http.get(`/api/v1/inspections/${name}`);
  async function count(outcome: string): Promise<number> {
    const { text } = await playhead.http.get('/metrics');
    return Number(new RegExp(`playhead_inspections_total{outcome="${outcome}"} (\\d+)`).exec(text)?.[1] ?? 0);
  }

  it('flags a film whose moov is last, and says how to mend it', async () => {
    const { offset, box } = await moovOf(SLOW);
    const { json } = await inspect('slow.mp4');
    expect(json).toMatchObject({
      path: 'slow.mp4',
      container: 'mp4',
      mediaType: 'video/mp4',
      faststart: false,
      faststartReason: null,
      moov: { offset, size: box.length },
      bytesBeforeMoov: offset,
      fragmented: false,
      duration: 15,
      links: {
        self: '/api/v1/inspections/slow.mp4',
        file: '/files/slow.mp4',
        entry: '/api/v1/entries/slow.mp4',
        subtitles: '/api/v1/subtitles/slow.mp4',
      },
      problems: [{ code: 'moov-after-mdat', severity: 'warning', fix: expect.stringContaining('/stream') }],
    });
    expect(json.tracks).toMatchObject([
      { kind: 'video', codec: expect.stringMatching(/^avc1\./), displayWidth: 320, displayHeight: 180 },
      { kind: 'audio', codec: 'mp4a.40.2', channels: 1, sampleRate: 48_000 },
    ]);
    expect(json.etag).toBe((await playhead.http.head('/files/slow.mp4')).headers.etag);
  });

  it('says in which browsers a file plays, and what to ask a browser', async () => {
    const { json } = await inspect('fast.mp4');
    expect(json.repairs).toEqual([]);
    expect(json.playability).toMatchObject({
      data: expect.stringMatching(/^caniuse-lite /),
      contentType: expect.stringMatching(/^video\/mp4; codecs="avc1\.\w+, mp4a\.40\.2"$/),
      configurations: [{ video: { width: 320, height: 180 } }, { audio: { channels: '1' } }],
    });
    const { browsers } = json.playability as { browsers: { verdict: string; reasons: unknown[] }[] };
    expect(browsers).toHaveLength(6);
    for (const browser of browsers) expect(browser).toMatchObject({ verdict: 'plays', reasons: [] });
  });

  it('says what the tags do, and how large the cover is', async () => {
    const { json } = await inspect('song.mp3');
    expect(json.metadata).toMatchObject({
      title: 'A song',
      artist: 'Somebody',
      cover: { mediaType: 'image/png', size: 99 },
    });
  });

  it('finds nothing wrong where moov is first', async () => {
    expect((await inspect('fast.mp4')).json).toMatchObject({ faststart: true, problems: [] });
  });

  it('reads kilobytes of five gibibytes', async () => {
    const { json } = await inspect('huge.mp4');
    expect(json).toMatchObject({ faststart: false, duration: 15, size: expect.any(Number) });
    expect(json.size).toBeGreaterThan(HUGE);
    expect(json.bytesRead).toBeLessThan(64 * 1024);
  });

  it('makes a report once for each version of a file, however many ask', async () => {
    const before = await count('made');
    await Promise.all(Array.from({ length: 10 }, () => inspect('slow.mp4')));
    expect(await count('made')).toBe(before);
    await writeFile(path.join(playhead.root, 'slow.mp4'), await readFile(FAST));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const reports = await Promise.all(Array.from({ length: 10 }, () => inspect('slow.mp4')));
    expect(reports.every(({ json }) => json.faststart === true)).toBe(true);
    expect(await count('made')).toBe(before + 1);
  });

  it.each(['page.mp4', 'empty.mp4'])('says that %s is no media, whatever its name', async (name) => {
    const { status, json } = await inspect(name);
    expect(status).toBe(422);
    expect(json).toMatchObject({ type: '/problems/not-inspectable' });
  });

  it.each(['', 'nothing.mp4', 'fast.mp4/'])('misses %j', async (name) => {
    expect((await inspect(name)).status).toBe(404);
  });

  describe('on the command line', () => {
    it('is readable, and says what /stream repairs', async () => {
      const { code, stdout } = await runPlayhead(['inspect', SLOW]);
      expect(code).toBe(0);
      expect(stdout).toContain(SLOW);
      expect(stdout).toMatch(/ {2}mp4, 0:15\.0, .*index at the end/);
      expect(stdout).toMatch(/ {2}video: avc1\.\w+, 320×180, 25 fps/);
      expect(stdout).toMatch(/ {2}warning moov-after-mdat: .*\n {4}fix: /);
      expect(stdout).toMatch(
        / {2}\/stream repairs faststart: The moov box, .*\n {2}Chrome .*: plays from \/stream\n/,
      );
    });

    it('exits with 1 when something would not play', async () => {
      const cut = path.join(playhead.root, 'cut.mp4');
      await writeFile(cut, (await readFile(SLOW)).subarray(0, -1000));
      const { code, stdout } = await runPlayhead(['inspect', cut]);
      expect(code).toBe(1);
      expect(stdout).toMatch(/ {2}error truncated: /);
      expect(stdout).toMatch(/ {2}\/stream cannot repair faststart \(truncated\): /);
    });

    it('exits with 0 when all is fine', async () => {
      const { code, stdout } = await runPlayhead(['inspect', path.basename(FAST)], {
        cwd: path.dirname(FAST),
      });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^mp4-moov-first\.mp4\n {2}mp4, .*starts at once/);
    });

    it('says in which browsers a file plays, and why not in others', async () => {
      const hevc = path.join(SAMPLES, 'video/mp4-hevc-hev1.mp4');
      const { stdout } = await runPlayhead(['inspect', hevc]);
      expect(stdout).toMatch(
        /^ {2}Chrome \d+: uncertain\n {4}Track 1 \(video, h[ev][vc]1\.\S+\): .*hardware.*\n {6}fix: /m,
      );
    });

    it('looks at the browsers that are named alone, also for the exit code', async () => {
      const mkv = path.join(SAMPLES, 'video/matroska.mkv');
      const apple = await runPlayhead(['inspect', '-b', 'safari', '-b', 'safari-ios', mkv]);
      expect(apple.code).toBe(1);
      expect(apple.stdout).toMatch(/^ {2}Safari \S+: fails\n {4}Safari does not open Matroska\.\n {6}fix: /m);
      expect(apple.stdout).not.toContain('Chrome');
      const chrome = await runPlayhead(['inspect', '--browser', 'chrome', mkv]);
      expect(chrome).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}Chrome \d+: plays$/m) });
    });

    it('refuses browsers it does not know', async () => {
      const { code, stderr } = await runPlayhead(['inspect', '-b', 'netscape', FAST]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/netscape.*Known are chrome, edge, firefox, safari/);
    });

    it('prints a line for each file in a folder', async () => {
      const { code, stdout } = await runPlayhead(['inspect', '-r', 'video', 'nowhere'], { cwd: SAMPLES });
      expect(code).toBe(1);
      const lines = stdout.trim().split('\n');
      expect(lines).toContainEqual(
        expect.stringMatching(/^plays {6}video\/mp4-moov-first\.mp4 \(mp4, h264\+aac, 0:15\.0\)$/),
      );
      expect(lines).toContainEqual(
        expect.stringMatching(/^fails {6}video\/matroska\.mkv \(matroska.*\): Safari, Safari on iOS: /),
      );
      expect(lines.at(-1)).toBe('error      nowhere: is not there');
    });

    it('looks into folders with -r, and prints JSON lines for programs', async () => {
      const { code, stdout } = await runPlayhead(['inspect', '-r', '--json', SAMPLES]);
      const lines = stdout
        .trim()
        .split('\n')
        .map(
          (line) => JSON.parse(line) as { file: string; report: { container: string; playability: object } },
        );
      expect(code).toBe(1);
      expect(lines.length).toBeGreaterThan(15);
      expect(lines.map(({ file }) => file)).toContain(SLOW);
      expect(lines.every(({ report }) => typeof report.container === 'string')).toBe(true);
      expect(lines.every(({ report }) => 'browsers' in report.playability)).toBe(true);
    });

    it.each([
      [['nothing.mp4'], /nothing\.mp4\n {2}is not there/],
      [[SAMPLES], /is a folder; use -r/],
      [[path.join(SAMPLES, 'documents/notes.txt')], /is no media/],
    ])('says what is wrong with %j', async (args, message) => {
      const { code, stdout } = await runPlayhead(['inspect', ...args]);
      expect(code).toBe(1);
      expect(stdout).toMatch(message);
    });
  });
});
