import { styleText } from 'node:util';
import { formatSize } from '../media/format-values.js';

/** Milliseconds between two looks. */
const INTERVAL = 100;
const WIDTH = 20;

/** Where a run is. */
export interface Progress {
  readonly files: number;
  readonly allFiles: number;
  readonly bytes: number;
  readonly allBytes: number;
}

/** One line at the bottom of a terminal that says how far a run is. Nothing at all where there is no terminal. */
export class ProgressBar {
  readonly #timer: NodeJS.Timeout | undefined;
  #isShown = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly describe: () => string,
  ) {
    if (stream.isTTY) this.#timer = setInterval(() => this.#draw(), INTERVAL).unref();
  }

  /** Makes room for other lines; it comes back with the next look. */
  hide(): void {
    if (this.#isShown) this.stream.write('\r\x1b[2K');
    this.#isShown = false;
  }

  end(): void {
    clearInterval(this.#timer);
    this.hide();
  }

  #draw(): void {
    // A line wider than the terminal could not be taken back. Some terminals do not say how wide they are.
    const text = this.describe().slice(0, (this.stream.columns || 80) - 1);
    this.stream.write(`\r\x1b[2K${styleText('cyan', text, { stream: this.stream })}`);
    this.#isShown = true;
  }
}

/** `[#####---------------]  1/4 files  1.2 GiB of 4.8 GiB  120 MiB/s  30 s left` */
export function describeProgress(
  { files, allFiles, bytes, allBytes }: Progress,
  secondsPassed: number,
): string {
  const done = allBytes > 0 ? Math.min(1, bytes / allBytes) : 0;
  const filled = Math.floor(done * WIDTH);
  const rate = bytes / Math.max(secondsPassed, 0.001);
  return [
    `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}]`,
    `${files}/${allFiles} files`,
    `${formatSize(bytes)} of ${formatSize(allBytes)}`,
    ...(bytes > 0 ? [`${formatSize(rate)}/s`, `${formatSeconds((allBytes - bytes) / rate)} left`] : []),
  ].join('  ');
}

function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}
