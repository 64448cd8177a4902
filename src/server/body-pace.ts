import type { IncomingMessage, ServerResponse } from 'node:http';
import { ProblemError } from '../core/problem/index.js';
import { breakOff } from './break-off.js';

/** Bytes that buy a body one more second. */
const LEAST_RATE = 1024;
const CHECK_INTERVAL = 1000;

interface Progress {
  readonly response: ServerResponse;
  /** What the client may still take, in seconds. */
  seconds: number;
  /** Bytes of the connection by the last look. */
  read: number;
}

/**
 * Gives up on bodies that come too slowly. An upload may take hours, so its length of time says nothing; it has so many
 * seconds to begin with and one more for each KiB that comes, and never more in hand than at first. What comes faster
 * than that goes on for ever, what stands still ends after that time. While the server itself is behind, the clock
 * stands.
 */
export class BodyPace {
  readonly #bodies = new Map<IncomingMessage, Progress>();
  #timer: NodeJS.Timeout | undefined;

  /** @param seconds that a body has to begin with */
  constructor(private readonly seconds: number) {}

  watch(request: IncomingMessage, response: ServerResponse): void {
    const { seconds } = this;
    this.#bodies.set(request, { response, seconds, read: request.socket.bytesRead });
    // `server.timeout`: not a byte either way. A storage that takes long to finish a file is no fault of the client.
    request.on('timeout', () => (isAhead(request) ? undefined : this.#giveUp(request, response)));
    response.on('timeout', () => (response.headersSent ? request.socket.destroy() : undefined));
    response.once('close', () => this.#bodies.delete(request));
    this.#timer ??= setInterval(() => this.#look(), CHECK_INTERVAL).unref();
  }

  #look(): void {
    for (const [request, progress] of this.#bodies) {
      if (request.complete || request.destroyed) {
        this.#bodies.delete(request);
        continue;
      }
      const { bytesRead } = request.socket;
      const gained = (bytesRead - progress.read) / LEAST_RATE;
      progress.read = bytesRead;
      if (isAhead(request)) continue;
      progress.seconds = Math.min(this.seconds, progress.seconds + gained - CHECK_INTERVAL / 1000);
      if (progress.seconds <= 0) this.#giveUp(request, progress.response);
    }
    if (this.#bodies.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #giveUp(request: IncomingMessage, response: ServerResponse): void {
    this.#bodies.delete(request);
    breakOff(response, new ProblemError('request-timeout', 'The body of the request came too slowly.'));
  }
}

/** Whether the client has sent as much as is taken for now. */
function isAhead(request: IncomingMessage): boolean {
  return request.readableLength >= request.readableHighWaterMark;
}
