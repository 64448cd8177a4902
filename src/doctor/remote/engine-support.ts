import type { MediaReport } from '../../core/media/index.js';
import { type Client } from '../finding.js';

/** What some browser does not play, whatever the server does. */
export interface Gap {
  readonly what: string;
  readonly why: string;
  readonly affects: readonly Client[];
}

type Rule = readonly [readonly string[], readonly Client[], string];

/** By container. Sources: the browsers' own tables of formats, MDN's guides to media containers and codecs. */
const CONTAINERS: readonly Rule[] = [
  [['matroska'], ['Firefox', 'Safari'], 'only Chrome plays Matroska'],
  [['avi', 'flv', 'asf', 'mpeg-ps'], ['Chrome', 'Firefox', 'Safari'], 'no browser plays this container'],
  [['mpeg-ts'], ['Chrome', 'Firefox'], 'as a file of its own only Safari plays it'],
  [['aiff'], ['Chrome', 'Firefox'], 'only Safari plays AIFF'],
];

/** By the common name of a codec, as {@link MediaReport} gives it. */
const CODECS: readonly Rule[] = [
  [['hevc'], ['Chrome', 'Firefox'], 'Chrome and Firefox play HEVC only where the system decodes it'],
  [['av1'], ['Safari'], 'Safari plays AV1 only on hardware that decodes it'],
  [['ac3', 'eac3'], ['Chrome', 'Firefox'], 'only Safari plays Dolby Digital'],
  [['alac'], ['Chrome', 'Firefox'], 'only Safari plays Apple Lossless'],
  [
    [
      'mpeg4',
      'msmpeg4v3',
      'mpeg2video',
      'mpeg1video',
      'h263',
      'vc1',
      'dts',
      'truehd',
      'svq1',
      'svq3',
      'cinepak',
    ],
    ['Chrome', 'Firefox'],
    'browsers of today do not play it; Safari plays some of it',
  ],
  [['prores', 'dnxhd'], ['Chrome', 'Firefox'], 'this is a codec for editing, which browsers do not play'],
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
