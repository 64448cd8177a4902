// What is played: the samples of the repository, and longer files, made once and kept in the bench's folder.
import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { madeOnce } from './fixtures.mjs';
import { makeFilm, makeMp3, MEDIA, SAMPLE_DURATION, SAMPLES } from './test-support.mjs';

const FRAGMENTS = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof'];
/** No Duration, no Cues, a Segment of unknown size. */
const RECORDED = ['-live', '1'];
const FILMS = [
  { name: 'moov-last-5-min.mp4', duration: 300, bitRate: 1020, codec: 'h264' },
  { name: 'fragmented-5-min.mp4', duration: 300, bitRate: 1020, codec: 'h264', layout: FRAGMENTS },
  { name: 'hevc-hev1-1-min.mp4', duration: 60, bitRate: 1000, codec: 'hevc', layout: ['-tag:v', 'hev1'] },
  { name: 'recorded-20-s.webm', duration: 20, bitRate: 1000, codec: 'vp8', layout: RECORDED },
  { name: 'recorded-200-s.webm', duration: 200, bitRate: 1000, codec: 'vp8', layout: RECORDED },
];
const VBR = { half: 150, bitRate: ['-q:a', '2'], sampleRate: 44_100, channels: 2, hasSeekHeader: false };
const SONGS = [{ name: 'vbr-no-xing-5-min.mp3', ...VBR }];

/**
 * A folder with all of them.
 * @returns {Promise<{ root: string, files: { name: string, path: string, tag: string, duration: number, size: number }[] }>}
 *   `path` is below the root, lengths are in seconds and bytes
 */
export async function playableFiles(folder) {
  const root = await madeOnce(path.join(folder, 'playability'), async (target) => {
    await cp(SAMPLES, path.join(target, 'samples'), { recursive: true });
    for (const film of FILMS) {
      const made = await makeFilm(target, film);
      if (film.layout === RECORDED) await dropSeekHead(made);
    }
    for (const song of SONGS) await makeMp3(target, song);
  });
  const files = [
    ...MEDIA.map((sample) => ({
      name: path.basename(sample.path),
      path: `samples/${sample.path}`,
      tag: sample.tag,
      duration: SAMPLE_DURATION,
    })),
    ...FILMS.map(({ name, duration }) => ({ name, path: name, tag: 'video', duration })),
    ...SONGS.map(({ name, half }) => ({ name, path: name, tag: 'audio', duration: 2 * half })),
  ];
  for (const file of files) file.size = (await stat(path.join(root, file.path))).size;
  return { root, files };
}

const ID = { seekHead: '114d9b74', info: '1549a966', cluster: '1f43b675' };

/** The recorders of browsers write none that names anything; FFmpeg does, and with it there are positions in the file. */
async function dropSeekHead(file) {
  const bytes = await readFile(file);
  const head = bytes.subarray(0, bytes.indexOf(ID.cluster, 0, 'hex'));
  // Its entries name Info too, in front of Info itself.
  const [from, to] = [head.indexOf(ID.seekHead, 0, 'hex'), head.lastIndexOf(ID.info, head.length, 'hex')];
  await writeFile(file, Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]));
}
