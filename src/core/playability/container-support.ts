import type { Container } from '../media/index.js';
import { BROWSER_LABELS, type BrowserName, type BrowserSupport, type Feature } from './browser-support.js';
import { type Ability, abilityOf, isApple } from './codec-support.js';

/** Containers that a feature speaks for. */
const FEATURES: Partial<Record<Container, Feature>> = {
  webm: 'webm',
  mp3: 'mp3',
  aac: 'aac',
  flac: 'flac',
  wav: 'wav',
  hls: 'http-live-streaming',
};

const LABELS: Record<Container, string> = {
  mp4: 'MP4',
  m4a: 'MP4',
  quicktime: 'QuickTime',
  '3gp': '3GP',
  heif: 'HEIF',
  avif: 'AVIF',
  jpeg2000: 'JPEG 2000',
  matroska: 'Matroska',
  webm: 'WebM',
  ogg: 'Ogg',
  mp3: 'MP3',
  aac: 'AAC',
  flac: 'FLAC',
  wav: 'WAV',
  aiff: 'AIFF',
  avi: 'AVI',
  'mpeg-ts': 'MPEG-TS',
  'mpeg-ps': 'MPEG-PS',
  flv: 'FLV',
  asf: 'ASF',
  hls: 'HLS',
};

const YES: Ability = { level: 'yes' };

/**
 * Whether the browser's media element reads the container at all. What no data tells was played, or asked of
 * `canPlayType`, in Chromium 156 and Firefox 153; Edge and Chrome for Android have Chromium's demuxers. Nothing was
 * asked of Safari itself, so what Apple does not document is uncertain there.
 */
export function opens(container: Container, browser: BrowserName, support: BrowserSupport): Ability {
  const who = BROWSER_LABELS[browser];
  const label = LABELS[container];
  const feature = FEATURES[container];
  if (feature) return abilityOf(feature, label, browser, support);
  const unverified: Ability = {
    level: 'uncertain',
    why: `Nobody has verified that ${who} opens ${label}.`,
  };
  const never: Ability = { level: 'no', why: `${who} does not open ${label}.` };
  switch (container) {
    case 'mp4':
    case 'm4a':
    case 'quicktime':
    case 'ogg':
      return YES;
    case '3gp':
      // canPlayType: maybe in Chromium, empty in Firefox.
      return browser === 'firefox' || isApple(browser) ? unverified : YES;
    case 'matroska':
      // H.264 with AAC in Matroska played and sought in Chromium and Firefox.
      return isApple(browser) ? never : YES;
    case 'aiff':
    case 'avi':
    case 'mpeg-ps':
    case 'mpeg-ts':
      return isApple(browser) ? unverified : never;
    default:
      return never;
  }
}
