/** Injection token of the {@link EventLimits} in use. */
export const EVENT_LIMITS = Symbol('EventLimits');

export interface EventLimits {
  /** Listeners at the same time. Each costs a connection, some 30 KiB while it keeps up, and its backlog. */
  readonly listeners: number;
  /** Bytes that may wait for a listener which does not keep up, before it is told to begin anew. */
  readonly backlog: number;
  /** Events that are remembered for those who come back, and characters of them. */
  readonly events: number;
  readonly characters: number;
  /** Milliseconds without an event after which a comment is sent, if the idle timeout is not shorter than twice that. */
  readonly heartbeat: number;
  /** Milliseconds that a client shall wait before it comes back. */
  readonly retry: number;
  /** Milliseconds that a folder is still watched after its last listener left. */
  readonly linger: number;
  /** Milliseconds until a folder that could not be watched is tried again. */
  readonly again: number;
  /** Milliseconds that a change is remembered which was told: the other one who sees it comes within that. */
  readonly remembered: number;
  /** Milliseconds between two events about the progress of one job. */
  readonly progress: number;
}

export const DEFAULT_LIMITS: EventLimits = {
  listeners: 1000,
  backlog: 256 * 1024,
  events: 4096,
  characters: 4 * 1024 * 1024,
  heartbeat: 20_000,
  retry: 2000,
  linger: 5000,
  again: 3000,
  remembered: 5000,
  progress: 250,
};
