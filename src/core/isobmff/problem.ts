/** What can be wrong with a file, one stable code each. */
export type ProblemCode =
  | 'chunk-offset-out-of-file'
  | 'compressed-moov'
  | 'corrupt-frames'
  | 'duration-estimated'
  | 'duration-mismatch'
  | 'encrypted'
  | 'external-media'
  | 'fragmented'
  | 'hev1'
  | 'large-gap-before-moov'
  | 'malformed'
  | 'metadata-unread'
  | 'moov-after-mdat'
  | 'moov-too-large'
  | 'multiple-moov'
  | 'no-cues'
  | 'no-duration'
  | 'no-end-list'
  | 'no-mdat'
  | 'no-moov'
  | 'no-seek-table'
  | 'no-tracks'
  | 'too-costly'
  | 'too-many-boxes'
  | 'trailing-data'
  | 'truncated'
  | 'unfinished-wav'
  | 'vbr-without-seek-header'
  | 'wrong-seek-header';

/** `error`: it will not play, or not to its end. `warning`: it starts late, or some players refuse it. `info`: a fact. */
export type Severity = 'error' | 'warning' | 'info';

/** Something a person would want to know about a file. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** One plain sentence or two. */
  readonly message: string;
  /** What to do about it, where something can be done. */
  readonly fix?: string;
}

const SEVERITY: Record<ProblemCode, Severity> = {
  'chunk-offset-out-of-file': 'error',
  'compressed-moov': 'error',
  'corrupt-frames': 'warning',
  'duration-estimated': 'warning',
  'duration-mismatch': 'warning',
  encrypted: 'warning',
  'external-media': 'error',
  fragmented: 'info',
  hev1: 'warning',
  'large-gap-before-moov': 'warning',
  malformed: 'error',
  'metadata-unread': 'info',
  'moov-after-mdat': 'warning',
  'moov-too-large': 'warning',
  'multiple-moov': 'warning',
  'no-cues': 'warning',
  'no-duration': 'warning',
  'no-end-list': 'warning',
  'no-mdat': 'error',
  'no-moov': 'error',
  'no-seek-table': 'info',
  'no-tracks': 'error',
  'too-costly': 'error',
  'too-many-boxes': 'warning',
  'trailing-data': 'info',
  truncated: 'error',
  'unfinished-wav': 'warning',
  'vbr-without-seek-header': 'warning',
  'wrong-seek-header': 'warning',
};

const SERVED_REPAIRED =
  'Playhead serves it repaired at /stream; to rewrite the file itself: playhead optimize FILE';
const FIXES: Partial<Record<ProblemCode, string>> = {
  'compressed-moov':
    'Write the file anew without compression: ffmpeg -i in.mov -c copy -movflags +faststart out.mov',
  'external-media': 'Export the film again as a self-contained file.',
  hev1: SERVED_REPAIRED,
  'large-gap-before-moov': 'Write the file anew: ffmpeg -i in.mp4 -c copy -movflags +faststart out.mp4',
  'moov-after-mdat': SERVED_REPAIRED,
  'no-cues': 'Write the file anew: ffmpeg -i in.webm -c copy out.webm',
  'no-duration':
    'Write the file anew without re-encoding, under the same extension: ffmpeg -i FILE -c copy NEW-FILE',
  truncated: 'Transfer or export the file again; it is incomplete.',
  'unfinished-wav': SERVED_REPAIRED,
  'vbr-without-seek-header': SERVED_REPAIRED,
  'wrong-seek-header': SERVED_REPAIRED,
};

/** The problem of this code, with the severity and fix that go with it. */
export function problem(code: ProblemCode, message: string, fix = FIXES[code]): Problem {
  return { code, severity: SEVERITY[code], message, ...(fix === undefined ? {} : { fix }) };
}
