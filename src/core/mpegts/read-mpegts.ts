import { type BoundedReader, plainTrack, type Problem, problem, type TrackReport } from '../isobmff/index.js';
import { hear } from './elementary.js';
import { packetLayout, packetsIn, type PacketLayout } from './packets.js';
import { type PesTimes, readPes } from './pes.js';
import { readProgram } from './program.js';

/** What the start and the end of a transport stream say. */
export interface MpegTsReport {
  /** Seconds. */
  readonly duration: number | null;
  readonly tracks: readonly TrackReport[];
  readonly problems: readonly Problem[];
}

/** Bytes read at either end at first, and where something is missing there. */
const WINDOWS = [128 * 1024, 2 ** 20];
const CLOCK = 90_000;
/** Presentation times have 33 bits and start anew after 26.5 hours. */
const WRAP = 2 ** 33;

/**
 * Reads the first program's map and the first and last presentation times.
 *
 * @throws what the reader throws
 */
export async function readMpegTs(reader: BoundedReader): Promise<MpegTsReport> {
  const layout = packetLayout(await reader.read(0, 4096));
  for (const window of WINDOWS) {
    const head = layout && (await reader.read(0, window));
    const streams = head && readProgram(packetsIn(head, layout));
    if (!streams) continue;
    const pids = new Set(
      streams.filter(({ facts }) => facts.kind === 'video' || facts.kind === 'audio').map(({ pid }) => pid),
    );
    const first = readPes(packetsIn(head, layout), pids);
    const last = await readLastTimes(reader, layout, pids);
    const tracks = streams.map(({ pid, facts }) => {
      const heard = hear(facts, first.get(pid)?.start ?? new Uint8Array(0));
      return plainTrack(pid, {
        ...heard,
        timescale: CLOCK,
        ...timesOf(facts.kind, first.get(pid), last.get(pid)),
      });
    });
    return { ...wholeOf(tracks), problems: [] };
  }
  const lost = problem('no-tracks', 'The start of the file has no program map: nothing says what is in it.');
  return { duration: null, tracks: [], problems: [lost] };
}

async function readLastTimes(
  reader: BoundedReader,
  layout: PacketLayout,
  pids: ReadonlySet<number>,
): Promise<Map<number, PesTimes>> {
  const whole = Math.floor(reader.size / layout.step) * layout.step;
  let times = new Map<number, PesTimes>();
  for (const window of WINDOWS) {
    const start = Math.max(0, whole - Math.floor(window / layout.step) * layout.step);
    const tail = await reader.read(start, whole - start);
    times = readPes(packetsIn(tail, layout), pids);
    if (start === 0 || [...pids].every((pid) => times.get(pid)?.times.length)) break;
  }
  return times;
}

/** Pictures may come in another order than they are shown in, so the earliest and latest times count. */
function timesOf(
  kind: TrackReport['kind'],
  first?: PesTimes,
  last?: PesTimes,
): { startTime: number; duration: number | null } {
  if (!first?.times.length || !last?.times.length) return { startTime: 0, duration: null };
  const origin = first.times[0]!;
  const since = (time: number) => {
    const passed = (time - origin + WRAP) % WRAP;
    return passed > WRAP / 2 ? passed - WRAP : passed;
  };
  const start = Math.min(...first.times.map(since));
  const ends = [...new Set(last.times.map(since))].sort((a, b) => a - b);
  const step = ends.length > 1 ? ends.at(-1)! - ends.at(-2)! : 0;
  // A packet of sound holds several frames, the last one what was left of them.
  const [latest, before] = last.lengths;
  const final = kind === 'audio' && before > 0 ? step * Math.min(1, latest / before) : step;
  return { startTime: (origin + start) / CLOCK, duration: (ends.at(-1)! + final - start) / CLOCK };
}

/** Times count from the earliest track's start. */
function wholeOf(tracks: readonly TrackReport[]): Pick<MpegTsReport, 'duration' | 'tracks'> {
  const timed = tracks.filter(({ duration }) => duration !== null);
  if (timed.length === 0) return { duration: null, tracks };
  const start = Math.min(...timed.map(({ startTime }) => startTime));
  return {
    duration: Math.max(...timed.map(({ startTime, duration }) => startTime + duration!)) - start,
    tracks: tracks.map((track) =>
      track.duration === null ? track : { ...track, startTime: track.startTime - start },
    ),
  };
}
