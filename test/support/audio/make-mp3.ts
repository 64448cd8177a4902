import path from 'node:path';
import { run } from '../programs.js';

/** An MP3 to be made with FFmpeg's libmp3lame. */
export interface Mp3 {
  readonly name: string;
  /** Length of the quiet and of the loud half of the sound, in seconds each: VBR spends many times the bits on the second. */
  readonly half: number;
  /** In Hz: MPEG-1 from 32,000 up, MPEG-2 from 16,000 up. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** What chooses the bit rate: `-q:a 2`, `-b:a 64k`. */
  readonly bitRate: readonly string[];
  readonly hasSeekHeader: boolean;
  /** Whether it gets an ID3v2 tag with a cover in front, and ID3v1 behind. */
  readonly isTagged?: boolean;
}

/** Makes the file in `folder` and returns its path. */
export async function makeMp3(folder: string, mp3: Mp3): Promise<string> {
  const { half, sampleRate, channels } = mp3;
  const target = path.join(folder, mp3.name);
  const source = (name: string) => ['-f', 'lavfi', '-i', `${name}:d=${half}:r=${sampleRate}`];
  const layout = channels === 1 ? 'mono' : 'stereo';
  const cover = mp3.isTagged
    ? ['-map', '2', '-c:v', 'png', '-metadata', 'title=A title', '-write_id3v1', '1']
    : ['-write_id3v1', '0'];
  const { code, stderr } = await run('ffmpeg', [
    ...['-v', 'error', '-y', ...source('sine=f=440'), ...source('anoisesrc=seed=7')],
    ...(mp3.isTagged ? ['-f', 'lavfi', '-i', 'testsrc=s=320x240:d=0.04:r=25'] : []),
    ...['-filter_complex', `[0][1]concat=n=2:v=0:a=1,aformat=channel_layouts=${layout}[sound]`],
    ...['-map', '[sound]', ...cover, '-c:a', 'libmp3lame', ...mp3.bitRate],
    ...['-write_xing', mp3.hasSeekHeader ? '1' : '0', target],
  ]);
  if (code !== 0) throw new Error(`ffmpeg made no ${mp3.name}: ${stderr}`);
  return target;
}
