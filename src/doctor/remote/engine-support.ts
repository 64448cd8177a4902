import type { MediaReport } from '../../core/media/index.js';
import { type Client } from '../finding.js';

/** What some browser does not play, whatever the server does. */
export interface Gap {
  readonly what: string;
  readonly why: string;
  readonly affects: readonly Client[];
}

type Rule = readonly [readonly string[], readonly Client[], string];

/**
 * By container. Measured with Chromium 156, Firefox 153 and WebKitGTK 2.50; of Safari what caniuse.com and Apple say. What
 * is not listed is not known to fail.
 */
const CONTAINERS: readonly Rule[] = [
  [['matroska'], ['Safari'], 'Safari does not play Matroska, nor did Firefox until lately'],
  [['avi', 'flv', 'asf', 'mpeg-ps'], ['Chrome', 'Firefox', 'Safari'], 'no browser plays this container'],
  [['mpeg-ts', 'aiff'], ['Chrome', 'Firefox'], 'Chrome and Firefox do not play it as a file'],
];

/** By the common name of a codec, as {@link MediaReport} gives it. */
const CODECS: readonly Rule[] = [
  [
    ['hevc'],
    ['Chrome', 'Firefox'],
    'Chrome and Firefox play HEVC only where the system decodes it, else the picture is missing',
  ],
  [['av1'], ['Safari'], 'Safari plays AV1 only on hardware that decodes it'],
  [['ac3', 'eac3', 'alac'], ['Chrome', 'Firefox'], 'Chrome and Firefox do not play this sound'],
  [
    [
      'mpeg4',
      'msmpeg4v3',
      'mpeg2video',
      'mpeg1video',
      'h263',
      'vc1',
      'svq1',
      'svq3',
      'cinepak',
      'dts',
      'truehd',
    ],
    ['Chrome', 'Firefox'],
    'Chrome and Firefox do not play this codec',
  ],
  [
    ['prores', 'dnxhd'],
    ['Chrome', 'Firefox'],
    'this is a codec for editing, which Chrome and Firefox do not play',
  ],
];

/** What of a file the browsers do not all play; empty where all do, or where nothing is known. */
export function gapsOf({ container, tracks }: MediaReport): Gap[] {
  const gaps: Gap[] = [];
  for (const [names, affects, why] of CONTAINERS)
    if (names.includes(container)) gaps.push({ what: `The container is ${container}`, why, affects });
  const codecs = new Set(tracks.map(({ codecName }) => codecName));
  for (const [names, affects, why] of CODECS)
    for (const name of names) if (codecs.has(name)) gaps.push({ what: `A track is ${name}`, why, affects });
  return gaps;
}
