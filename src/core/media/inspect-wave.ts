import { type BoundedReader, problem } from '../isobmff/index.js';
import { isPcm, measureWave, readWave, waveCodecName } from '../riff/index.js';
import type { Contents } from './describe-contents.js';
import { reportNoSound, reportSound } from './sound-report.js';

/**
 * Inspects a WAVE file by the chunks in front of its sound; of one that was never finished the duration is that of the
 * sound there is.
 *
 * @throws what the reader throws
 */
export async function inspectWave(reader: BoundedReader): Promise<Contents> {
  const wave = await readWave(reader);
  if (!wave) return reportNoSound();
  const { format } = wave;
  const { dataSize, isUnfinished } = await measureWave(reader, wave);
  const byteRate = isPcm(format) ? format.sampleRate * format.blockAlign : format.byteRate;
  const duration = byteRate > 0 ? dataSize / byteRate : null;
  const problems = isUnfinished
    ? [
        problem(
          'unfinished-wav',
          'Its sizes were never filled in, or it was cut off: players may not know where it ends.',
        ),
      ]
    : [];
  const { channels, sampleRate } = format;
  const sound = {
    codecName: waveCodecName(format),
    duration,
    bitRate: byteRate * 8 || null,
    channels,
    sampleRate,
  };
  return reportSound(sound, problems);
}
