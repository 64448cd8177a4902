// What a load of a film or song came to, in the words of the table.

/** The cells of a row behind the names: the load that started in the middle of the others, as its numbers belong together. */
export function middleInWords(loads, file) {
  const time = ({ report }) => (report?.firstShownAt ? report.firstShownAt - report.startedAt : Infinity);
  const sorted = loads.toSorted((a, b) => time(a) - time(b) || 0).map((load) => inWords(load, file));
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const alike = sorted.filter((cells) => outcome(cells) === outcome(middle)).length;
  return alike === loads.length ? middle : middle.with(-1, `${middle.at(-1)} (${alike} of ${loads.length})`);
}

/** What came of the seek, without its numbers. */
function outcome(cells) {
  return cells.at(-1).replace(/[\d.,]+/g, '');
}

/** The cells for one load. */
export function inWords({ report, first, sought }, { duration }) {
  if (!report) return ['-', '-', '-', '-', '**blocks the page**'];
  const { firstShownAt, startedAt, played, error } = report;
  if (firstShownAt === null) {
    const why = error ? `**error ${error.code}**` : played ? 'sound only' : '**never**';
    return [why, '-', '-', shown(report), seek(report, sought, duration)];
  }
  const before = [String(first.requests), Math.round(first.bytes / 1000).toLocaleString('en')];
  const seconds = ((firstShownAt - startedAt) / 1000).toFixed(2);
  return [seconds, ...before, shown(report), seek(report, sought, duration)];
}

/** The first value, where it was another, and the last. */
function shown({ durationAtMetadata, duration }) {
  const [early, late] = [durationAtMetadata, duration].map((value) =>
    typeof value === 'number' ? value.toFixed(1) : String(value ?? '-'),
  );
  return early === late ? late : `${early}, then ${late}`;
}

/** A seek of a person is to a place on the bar, which is right where the duration is. */
function seek({ seekTarget, seekedTo, seekingAt, seekedAt, playedAfterSeek }, bytes, duration) {
  if (seekTarget === null) return '**not possible**';
  if (Math.abs(seekTarget - 0.8 * duration) > Math.max(0.5, duration / 100)) return '**elsewhere**';
  if (seekedTo === null) return '**hangs**';
  if (Math.abs(seekedTo - seekTarget) > 1) return `**at ${seekedTo.toFixed(1)} s**`;
  if (!playedAfterSeek) return '**stands still**';
  return `${((seekedAt - seekingAt) / 1000).toFixed(2)} s, ${Math.round(bytes / 1000).toLocaleString('en')} kB`;
}
