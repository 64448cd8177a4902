import {
  BoundedReader,
  inspectIsoBmff,
  isIsoBmff,
  type IsoBmffReport,
  type RandomAccess,
} from '../isobmff/index.js';
import { inspectMatroska } from '../matroska/index.js';
import { type Container, isoBmffContainer, mediaTypeOfContainer } from './container.js';
import { inspectMpegAudio } from './inspect-mpeg-audio.js';
import { inspectWave } from './inspect-wave.js';
import type { MediaReport } from './media-report.js';
import { readSignature, type Signature } from './signature.js';
import type { SoundReport } from './sound-report.js';

/**
 * Inspects a media file by its bytes, never by its name. Reads kilobytes, whatever the size of the file; what the
 * bytes hold never makes it throw. Undefined when it is no media.
 *
 * @throws only what the source throws
 */
export async function inspectMedia(source: RandomAccess): Promise<MediaReport | undefined> {
  const reader = new BoundedReader(source);
  if (isIsoBmff(await reader.read(0, 16), source.size)) {
    return describeIsoBmff(await inspectIsoBmff(reader), reader);
  }
  const signature = await readSignature(reader);
  if (!signature) return undefined;
  const contents = await INSPECTORS[signature.container]?.(reader);
  return { ...describeOther(signature, reader), ...contents, bytesRead: reader.bytesRead };
}

const INSPECTORS: Partial<Record<Container, (reader: BoundedReader) => Promise<SoundReport>>> = {
  matroska: describeMatroska,
  webm: describeMatroska,
  mp3: inspectMpegAudio,
  wav: inspectWave,
};

async function describeMatroska(reader: BoundedReader): Promise<SoundReport> {
  const report = await inspectMatroska(reader);
  const { duration } = report;
  return { ...report, bitRate: duration ? Math.round((reader.size * 8) / duration) : null };
}

function describeIsoBmff(report: IsoBmffReport, reader: BoundedReader): MediaReport {
  const { duration, tracks } = report;
  const container = isoBmffContainer(report);
  const has = (kind: string) => tracks.some((track) => track.kind === kind);
  const contents = has('video') ? 'pictures' : has('audio') ? 'sound' : 'unknown';
  return {
    container,
    mediaType: mediaTypeOfContainer(container, contents),
    size: reader.size,
    ...report,
    bitRate: duration ? Math.round((reader.size * 8) / duration) : null,
    bytesRead: reader.bytesRead,
  };
}

function describeOther({ container, contents }: Signature, reader: BoundedReader): MediaReport {
  return {
    container,
    mediaType: mediaTypeOfContainer(container, contents),
    size: reader.size,
    faststart: null,
    faststartReason: 'not-isobmff',
    majorBrand: null,
    minorVersion: null,
    compatibleBrands: [],
    fragmented: false,
    moov: null,
    mdats: [],
    bytesBeforeMoov: null,
    boxes: [],
    boxesTruncated: false,
    duration: null,
    bitRate: null,
    tracks: [],
    problems: [],
    bytesRead: reader.bytesRead,
  };
}
