import { faststart } from './faststart.js';
import { fragmentIndex } from './fragment-index.js';
import { hvc1 } from './hvc1.js';
import type { Repair } from './repair.js';
import { wavSizes } from './wav-sizes.js';
import { webmDuration } from './webm-duration.js';
import { xingHeader } from './xing-header.js';

/** All repairs there are, in the order they are applied. */
export const REPAIRS: readonly Repair[] = [
  faststart,
  hvc1,
  fragmentIndex,
  webmDuration,
  xingHeader,
  wavSizes,
];
