import path from 'node:path';
import { run } from './programs.js';

/** A film to be made with FFmpeg: a moving picture of 640x360 and a tone. */
export interface Film {
  /** Says the container by its extension. */
  readonly name: string;
  /** Length, in seconds. */
  readonly duration: number;
  /** Of the picture, in kbit/s, from the first second to the last. */
  readonly bitRate: number;
  readonly codec: 'h264' | 'hevc' | 'vp8';
  /** How the container is laid out: `-movflags faststart`, `-live 1`. FFmpeg by itself puts moov behind the media. */
  readonly layout?: readonly string[];
}

const RATE = 25;
const FRAMES_A_KEY_FRAME = String(2 * RATE);
const CONSTANT = 'nal-hrd=cbr:force-cfr=1';
const ENCODERS = {
  h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-x264-params', CONSTANT, '-c:a', 'aac'],
  hevc: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-c:a', 'aac'],
  vp8: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'],
} as const satisfies Record<Film['codec'], readonly string[]>;

/** Makes the film in `folder` and returns its path. */
export async function makeFilm(folder: string, film: Film): Promise<string> {
  const { duration, bitRate, codec, layout = [] } = film;
  const target = path.join(folder, film.name);
  const rate = `${bitRate}k`;
  const { code, stderr } = await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=640x360:r=${RATE}:d=${duration}`],
    ...['-f', 'lavfi', '-i', `sine=f=440:d=${duration}:r=48000`, ...ENCODERS[codec], '-pix_fmt', 'yuv420p'],
    ...['-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate, '-g', FRAMES_A_KEY_FRAME],
    ...['-b:a', '48k', ...layout, target],
  ]);
  if (code !== 0) throw new Error(`ffmpeg made no ${film.name}: ${stderr}`);
  return target;
}
