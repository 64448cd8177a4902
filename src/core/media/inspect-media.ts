import {
  BoundedReader,
  inspectIsoBmff,
  isIsoBmff,
  type IsoBmffReport,
  type RandomAccess,
} from '../isobmff/index.js';
import { isoBmffContainer, mediaTypeOfContainer } from './container.js';
import { type Contents, describeContents } from './describe-contents.js';
import type { MediaReport } from './media-report.js';
import { readSignature, type Signature } from './signature.js';

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
  return signature && describeOther(signature, await describeContents(signature.container, reader), reader);
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
    playlist: null,
    bytesRead: reader.bytesRead,
  };
}

function describeOther(
  { container, contents }: Signature,
  { duration, tracks, problems, playlist = null }: Contents,
  reader: BoundedReader,
): MediaReport {
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
    duration,
    bitRate: duration && !playlist ? Math.round((reader.size * 8) / duration) : null,
    tracks,
    problems,
    playlist,
    bytesRead: reader.bytesRead,
  };
}
