import { BROWSER_LABELS, type BrowserName, type BrowserPlayability } from '../core/playability/index.js';
import type { CompleteReport } from './complete-report.js';
import { verdictsIn } from './file-status.js';
import { formatDuration, formatNumber, formatSize } from './format-values.js';
import type { FileInspection } from './inspect-files.js';

/** Readable lines for one file: what it is, what is in it, what is wrong, what to do, and where it plays. */
export function printInspection(inspection: FileInspection, browsers: readonly BrowserName[]): string {
  const { file } = inspection;
  if ('error' in inspection) return `${file}\n  ${inspection.error}\n`;
  const { report } = inspection;
  const facts = [
    report.container,
    report.duration === null ? undefined : formatDuration(report.duration),
    formatSize(report.size),
    report.bitRate === null ? undefined : `${formatNumber(report.bitRate / 1000)} kbit/s`,
    faststart(report),
    playlist(report),
  ];
  const { title, artist, album } = report.metadata ?? {};
  const work = [title, artist, album].filter(Boolean).join(', ');
  const tracks = report.tracks.map((track) => {
    const shape =
      track.kind === 'video'
        ? [
            `${track.displayWidth ?? track.width}×${track.displayHeight ?? track.height}`,
            track.frameRate && `${track.frameRate} fps`,
          ]
        : track.kind === 'audio'
          ? [track.channels && `${track.channels} ch`, track.sampleRate && `${track.sampleRate} Hz`]
          : [];
    return `  ${track.kind}: ${[
      track.codec ?? track.codecName ?? track.sampleEntry ?? 'unknown',
      ...shape,
      track.language,
    ]
      .filter(Boolean)
      .join(', ')}`;
  });
  const problems = report.problems.flatMap(({ severity, code, message, fix }) => [
    `  ${severity === 'info' ? 'note' : severity} ${code}: ${message}`,
    ...(fix ? [`    fix: ${fix}`] : []),
  ]);
  return `${[file, `  ${facts.filter(Boolean).join(', ')}`, ...(work ? [`  ${work}`] : []), ...tracks, ...problems, ...repairs(report), ...verdicts(report, browsers)].join('\n')}\n`;
}

function faststart({ faststart: value }: { readonly faststart: boolean | null }): string | undefined {
  return value === null ? undefined : value ? 'starts at once' : 'index at the end';
}

function playlist({ playlist: list }: CompleteReport): string | undefined {
  if (!list) return undefined;
  return list.kind === 'master' ? `${list.variants.length} variants` : `${list.segments} segments`;
}

function repairs(report: CompleteReport): string[] {
  return report.repairs.map((outcome) =>
    outcome.state === 'applied'
      ? `  /stream repairs ${outcome.repair}: ${outcome.changes.join(' ')}`
      : `  /stream cannot repair ${outcome.repair} (${outcome.reason}): ${outcome.message}`,
  );
}

/** Browsers of which the same is to be said share a line. */
function verdicts(report: CompleteReport, browsers: readonly BrowserName[]): string[] {
  const groups = new Map<string, BrowserPlayability[]>();
  for (const one of verdictsIn(report, browsers)) {
    const lines = verdictLines(one, report).join('\n');
    groups.set(lines, [...(groups.get(lines) ?? []), one]);
  }
  return [...groups].map(([lines, group]) => {
    const names = group.map(({ browser, version }) => `${BROWSER_LABELS[browser]} ${version}`);
    return `  ${names.join(', ')}: ${lines}`;
  });
}

/** What the problems or repairs of the file have said already is not said again. */
function verdictLines({ verdict, reasons }: BrowserPlayability, { problems }: CompleteReport): string[] {
  const said = ['repaired', ...problems.map(({ code }) => code)];
  const rest = reasons.filter(({ code, effect }) => effect !== 'repaired' && !said.includes(code));
  return [
    WORDS[verdict],
    ...rest.flatMap(({ message, advice }) => [`    ${message}`, ...(advice ? [`      fix: ${advice}`] : [])]),
  ];
}

const WORDS: Record<BrowserPlayability['verdict'], string> = {
  plays: 'plays',
  'plays-via-stream': 'plays from /stream',
  uncertain: 'uncertain',
  fails: 'fails',
};
