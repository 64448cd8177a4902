import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics, RangeKind } from './metrics.js';

const METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE']);

/** Counts every answer, refused requests too. Answers of one connection come one at a time, so its bytes are theirs. */
export function observeRequests(
  metrics: Metrics,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const { socket } = request;
    const before = socket.bytesWritten;
    metrics.open.inc();
    response.once('close', () => {
      const route = routeOf(request);
      metrics.open.dec();
      metrics.requests.inc({ route, method: methodOf(request), status: response.statusCode });
      metrics.sentBytes.inc({ route }, socket.bytesWritten - before);
      if (!response.writableFinished) metrics.aborts.inc({ route });
      const kind = rangeKindOf(response);
      if (kind) metrics.ranges.inc({ kind });
    });
  };
}

/** The route's pattern, never the path: names of files are no labels. */
function routeOf(request: IncomingMessage): string {
  const { route } = request as IncomingMessage & { route?: { path?: unknown } };
  return typeof route?.path === 'string' ? route.path : 'none';
}

/** Anybody can invent methods; each would be a series of its own. */
function methodOf({ method = '' }: IncomingMessage): string {
  return METHODS.has(method) ? method : 'other';
}

function rangeKindOf(response: ServerResponse): RangeKind | undefined {
  if (response.statusCode === 416) return 'unsatisfiable';
  if (response.getHeader('accept-ranges') !== 'bytes' || response.req.method !== 'GET') return undefined;
  if (response.statusCode === 200) return 'full';
  if (response.statusCode !== 206) return undefined;
  return response.hasHeader('content-range') ? 'single' : 'multi';
}
