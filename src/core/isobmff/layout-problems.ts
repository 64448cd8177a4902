import { type Faststart, liesInside } from './faststart.js';
import { type Layout, MAX_TOP_LEVEL_BOXES } from './layout.js';
import { type Problem, problem } from './problem.js';

const MEBIBYTE = 2 ** 20;
/** Bytes in front of a leading moov that a viewer would notice. */
export const LARGE_GAP = MEBIBYTE;
/** Size of a moov that players and repairs cannot be expected to hold; an hour of film has about 2 MiB. */
export const LARGEST_MOOV = 128 * MEBIBYTE;

/** What the top level of a file of `size` bytes gives cause to say. */
export function layoutProblems(
  layout: Layout,
  size: number,
  { faststart, faststartReason }: Faststart,
): Problem[] {
  const { boxes } = layout;
  const problems = endProblems(layout, size);
  const moovs = boxes.filter(({ type }) => type === 'moov');
  const moov = moovs[0];
  if (!moov && faststartReason !== 'still-image') problems.push(noMoov(layout, faststartReason));
  if (faststartReason === 'no-mdat') {
    problems.push(
      problem(
        'no-mdat',
        'There is a moov box but no media behind it: an initialization segment, or a file cut off.',
      ),
    );
  }
  if (faststart === false) {
    problems.push(
      problem(
        'moov-after-mdat',
        `The moov box, which players need first, stands at byte ${moov!.offset}, behind the media: playback starts late.`,
      ),
    );
  }
  if (moovs.length > 1) {
    problems.push(
      problem(
        'multiple-moov',
        `There are ${moovs.length} moov boxes; players use the first or refuse the file.`,
      ),
    );
  }
  if (moov && faststart && moov.offset > LARGE_GAP) {
    const gap = Math.round(moov.offset / MEBIBYTE);
    problems.push(
      problem('large-gap-before-moov', `${gap} MiB stand in front of the moov box: playback may start late.`),
    );
  }
  if (moov && moov.size > LARGEST_MOOV) {
    const large = Math.round(moov.size / MEBIBYTE);
    problems.push(
      problem(
        'moov-too-large',
        `The moov box is ${large} MiB long; players load all of it before they start.`,
      ),
    );
  }
  return problems;
}

/** What the place and manner in which the walk ended say. */
function endProblems({ boxes, end, endOffset }: Layout, size: number): Problem[] {
  const last = boxes.at(-1);
  switch (end) {
    case 'truncated': {
      const cut = last && !liesInside(last, size) ? last : undefined;
      const missing = cut ? cut.offset + cut.size - size : undefined;
      const what = cut ? `inside the ${cut.type} box: ${missing} bytes are missing` : 'inside a box header';
      return [problem('truncated', `The file ends ${what}.`)];
    }
    case 'malformed':
      return [problem('malformed', `What stands at byte ${endOffset} is no box.`)];
    case 'trailing':
      return [
        problem(
          'trailing-data',
          `${size - endOffset} bytes behind the last box are no box; players ignore them.`,
        ),
      ];
    case 'too-many-boxes':
      return [
        problem(
          'too-many-boxes',
          `There are more than ${MAX_TOP_LEVEL_BOXES} boxes; what stands behind byte ${endOffset} was not looked at.`,
        ),
      ];
    case 'end':
    case 'enough':
      return [];
  }
}

function noMoov({ boxes }: Layout, reason: Faststart['faststartReason']): Problem {
  if (reason === 'media-segment') {
    return problem(
      'no-moov',
      'This is a media segment: it plays only behind its initialization segment.',
      'Play the stream through its playlist, or put the initialization segment in front.',
    );
  }
  if (boxes.some(({ type, toEnd }) => type === 'mdat' && toEnd)) {
    return problem(
      'no-moov',
      'The media runs to the end of the file and there is no moov box: the recording was never finished.',
      'Recover it with a tool that rebuilds moov from an intact recording of the same device, such as untrunc.',
    );
  }
  return problem('no-moov', 'There is no moov box, without which nothing can be played.');
}
