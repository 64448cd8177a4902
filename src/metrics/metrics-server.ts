import { createServer, type Server } from 'node:http';
import type { Metrics } from './metrics.js';

/** A second server that knows `/metrics` and nothing else, for a port that only the operator reaches. */
export function createMetricsServer(metrics: Metrics): Server {
  return createServer({ keepAliveTimeout: 5000, requestTimeout: 10_000 }, (request, response) => {
    const isMetrics =
      request.url?.split('?', 1)[0] === '/metrics' && (request.method === 'GET' || request.method === 'HEAD');
    if (!isMetrics) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('GET /metrics\n');
      return;
    }
    metrics.print().then(
      ({ type, text }) =>
        response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text),
      () => response.destroy(),
    );
  });
}
