import type { FileInspection } from './inspect-files.js';

/** Whether the file starts at once and plays wherever its codecs do: nothing to warn of, nothing wrong. */
export function isFine(inspection: FileInspection): boolean {
  return 'report' in inspection && inspection.report.problems.every(({ severity }) => severity === 'info');
}

/** A few readable lines for each file: what it is, what is in it, what is wrong and what to do. */
export function printInspection(inspection: FileInspection): string {
  const { file } = inspection;
  if ('error' in inspection) return `${file}\n  ${inspection.error}\n`;
  const { report } = inspection;
  const facts = [
    report.container,
    report.duration === null ? undefined : formatDuration(report.duration),
    formatSize(report.size),
    report.bitRate === null ? undefined : `${formatNumber(report.bitRate / 1000)} kbit/s`,
    faststart(report),
  ];
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
  return `${[file, `  ${facts.filter(Boolean).join(', ')}`, ...tracks, ...problems].join('\n')}\n`;
}

function faststart({ faststart: value }: { readonly faststart: boolean | null }): string | undefined {
  return value === null ? undefined : value ? 'starts at once' : 'index at the end';
}

/** `1:02:03`, `2:03.4` */
function formatDuration(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const [h, m, s] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const padded = s.toFixed(1).padStart(4, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${padded.slice(0, 2)}` : `${m}:${padded}`;
}

/** In units of 1024, as file managers do. */
function formatSize(bytes: number): string {
  const power = Math.min(4, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${formatNumber(bytes / 1024 ** power)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}

function formatNumber(value: number): string {
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}
