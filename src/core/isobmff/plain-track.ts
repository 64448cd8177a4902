import type { TrackReport } from './report.js';

/** What a container that is not of the ISO family says of a track; what it leaves out it has no word for. */
export type TrackFacts = Pick<TrackReport, 'kind' | 'codec' | 'codecName'> & Partial<TrackReport>;

const HANDLERS: Partial<Record<TrackReport['kind'], string>> = {
  video: 'vide',
  audio: 'soun',
  subtitle: 'sbtl',
};

/** Fills in what the container has no word for: null, the handler of the kind, and its own rate as the time scale. */
export function plainTrack(id: number, facts: TrackFacts): TrackReport {
  return {
    id,
    handler: HANDLERS[facts.kind] ?? '',
    enabled: true,
    sampleEntry: null,
    encrypted: false,
    encryptionScheme: null,
    language: null,
    duration: null,
    startTime: 0,
    timescale: facts.sampleRate ?? 0,
    sampleCount: null,
    bitRate: null,
    width: null,
    height: null,
    displayWidth: facts.width ?? null,
    displayHeight: facts.height ?? null,
    rotation: facts.kind === 'video' ? 0 : null,
    mirrored: false,
    pixelAspectRatio: null,
    frameRate: null,
    channels: null,
    sampleRate: null,
    ...facts,
  };
}
