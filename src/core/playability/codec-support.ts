import type { Container, TrackReport } from '../media/index.js';
import { BROWSER_LABELS, type BrowserName, type BrowserSupport, type Feature } from './browser-support.js';

/** Whether a browser can do something, and in a sentence why it is not sure, or cannot. */
export type Ability =
  { readonly level: 'yes' } | { readonly level: 'uncertain' | 'no'; readonly why: string };

const YES: Ability = { level: 'yes' };

/** The feature that speaks for a codec, by the codec's common name. */
const FEATURES: Record<string, Feature> = {
  h264: 'mpeg4',
  hevc: 'hevc',
  av1: 'av1',
  vp8: 'webm',
  vp9: 'webm',
  theora: 'ogv',
  aac: 'aac',
  mp3: 'mp3',
  opus: 'opus',
  vorbis: 'ogg-vorbis',
  flac: 'flac',
  ac3: 'ac3-ec3',
  eac3: 'ac3-ec3',
};

/** What people mean by WAV. */
const PLAIN_PCM = ['pcm_u8', 'pcm_s16le', 'pcm_s24le', 'pcm_s32le', 'pcm_f32le'];

/** What "partly" means for a feature (the notes on caniuse.com, which the package leaves out). */
const PARTLY: Partial<Record<Feature, string>> = {
  hevc: 'only where the hardware or the operating system does',
  av1: 'only on devices with hardware for it',
};

export function isApple(browser: BrowserName): boolean {
  return browser === 'safari' || browser === 'safari-ios';
}

/** Whether the browser decodes what is in the track. */
export function decodes(
  track: TrackReport,
  container: Container,
  browser: BrowserName,
  support: BrowserSupport,
): Ability {
  const who = BROWSER_LABELS[browser];
  if (track.codecName === null) {
    return { level: 'uncertain', why: `Its codec is not known, so whether ${who} decodes it is not either.` };
  }
  if (container === 'wav' && track.codecName.startsWith('pcm_')) {
    if (PLAIN_PCM.includes(track.codecName)) return abilityOf('wav', nameOf(track), browser, support);
    return { level: 'uncertain', why: `Nobody has verified that ${who} decodes ${track.codecName} in WAV.` };
  }
  const feature = FEATURES[track.codecName];
  if (!feature) return undocumented(track.codecName, browser);
  const ability = abilityOf(feature, nameOf(track), browser, support);
  if (ability.level === 'no' && feature === 'ac3-ec3' && isApple(browser)) {
    return undocumented(track.codecName, browser);
  }
  const special = ability.level === 'yes' ? specialProfile(track) : undefined;
  return special
    ? { level: 'uncertain', why: `Nobody has verified that ${who} decodes ${special}.` }
    : ability;
}

/** What the data says of a feature; `what` is how the sentence calls it. */
export function abilityOf(
  feature: Feature,
  what: string,
  browser: BrowserName,
  support: BrowserSupport,
): Ability {
  const who = `${BROWSER_LABELS[browser]} ${support.version(browser)}`;
  const said = support.of(feature, browser);
  // The note says: in MP4, by the system's decoder. Firefox plays it in MP4 and ADTS (test/browser/playback).
  if (said === 'yes' || (feature === 'aac' && browser === 'firefox' && said === 'partly')) return YES;
  if (said === 'no') return { level: 'no', why: `${who} does not play ${what}.` };
  if (said === 'unknown') return { level: 'uncertain', why: `Nobody has told whether ${who} plays ${what}.` };
  const when = PARTLY[feature] ?? 'only in part, depending on the system and the container';
  return { level: 'uncertain', why: `${who} plays ${what} ${when}.` };
}

/**
 * Codecs that no feature speaks of: ALAC, ProRes, Motion JPEG, MPEG-4 part 2, H.263, AMR, DTS, PCM in QuickTime.
 * `canPlayType` of Chromium 156 and Firefox 153 denies those tried; Apple's system has decoders for some.
 */
function undocumented(codecName: string, browser: BrowserName): Ability {
  const who = BROWSER_LABELS[browser];
  return isApple(browser)
    ? { level: 'uncertain', why: `Nobody has verified that ${who} decodes ${codecName}.` }
    : { level: 'no', why: `${who} has no decoder for ${codecName}.` };
}

function nameOf({ codec, codecName }: TrackReport): string {
  return codec === null || codec === codecName ? codecName! : `${codecName} (${codec})`;
}

/** In words, a profile outside those that support of the codec is known to mean; undefined for a common one. */
function specialProfile({ codec, codecName }: TrackReport): string | undefined {
  if (codec === null) return undefined;
  if (codec.startsWith('dv')) return `Dolby Vision (${codec})`;
  const profile = PROFILES[codecName!]?.(codec);
  return profile === undefined ? undefined : `${profile} (${codec})`;
}

/** ITU-T H.264 annex A by profile_idc; 66, 77, 88 and 100 are of 8 bits and 4:2:0. */
const AVC_PROFILES: Record<string, string> = {
  '6e': 'H.264 High 10',
  '7a': 'H.264 High 4:2:2',
  f4: 'H.264 High 4:4:4 Predictive',
  '2c': 'H.264 CAVLC 4:4:4 Intra',
};

const PROFILES: Record<string, (codec: string) => string | undefined> = {
  h264: (codec) => {
    const idc = /^avc\d\.([0-9a-f]{2})/i.exec(codec)?.[1]!.toLowerCase();
    if (idc === undefined || ['42', '4d', '58', '64'].includes(idc)) return undefined;
    return AVC_PROFILES[idc] ?? 'this profile of H.264';
  },
  // Main and Main 10 (ITU-T H.265 annex A).
  hevc: (codec) => (/^h[ve][vc]1\.[12]\./.test(codec) ? undefined : 'this profile of HEVC'),
  // Profile 0 is of 8 bits and 4:2:0.
  vp9: (codec) => (/^vp09\.(?!00)/.test(codec) ? 'this profile of VP9' : undefined),
  // Main profile, 8 or 10 bits and 4:2:0.
  av1: (codec) => (/^av01\.[^0]/.test(codec) ? 'this profile of AV1' : undefined),
  // LC, and HE with LC beneath (ISO/IEC 14496-3 table 1.17).
  aac: (codec) => (/^mp4a\.40\.(?!(?:2|02|5|05|29)$)/.test(codec) ? 'this kind of AAC' : undefined),
};

const ISO_CODECS = ['h264', 'hevc', 'av1', 'aac', 'mp3', 'flac', 'opus'];
const WEBM_CODECS = ['vp8', 'vp9', 'av1', 'opus', 'vorbis'];

/**
 * Codecs somebody has seen a browser play in a container (canPlayType and playback in Chromium 156 and Firefox 153; the
 * registrations of WebM and Ogg; Apple's for MP4). Elsewhere a codec that plays is still no promise.
 */
export function isProvenIn(codecName: string, container: Container, browser: BrowserName): boolean {
  switch (container) {
    case 'mp4':
    case 'm4a':
    case 'quicktime':
    case '3gp':
      return ISO_CODECS.includes(codecName) || (codecName === 'vp9' && !isApple(browser));
    case 'matroska':
      return browser === 'firefox' ? ['h264', 'aac'].includes(codecName) : codecName !== 'hevc';
    case 'webm':
      return WEBM_CODECS.includes(codecName);
    case 'ogg':
      return ['opus', 'vorbis', 'theora'].includes(codecName);
    default:
      return true;
  }
}
