import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** How a representation was sent. */
export type RangeKind = 'full' | 'single' | 'multi' | 'unsatisfiable';

/**
 * What is counted, by the conventions of Prometheus: base units in the name, `_total` for what only grows. Process and
 * event-loop metrics of Node come with it.
 */
export class Metrics {
  readonly registry = new Registry();

  readonly requests = new Counter({
    name: 'playhead_http_requests_total',
    help: 'Answers finished or broken off, by route, method and status.',
    labelNames: ['route', 'method', 'status'] as const,
    registers: [this.registry],
  });
  readonly sentBytes = new Counter({
    name: 'playhead_http_sent_bytes_total',
    help: 'Bytes handed to the network for answers, header included, by route.',
    labelNames: ['route'] as const,
    registers: [this.registry],
  });
  readonly ranges = new Counter({
    name: 'playhead_http_ranges_total',
    help: 'Representations sent whole, as one range, as several, or refused by 416.',
    labelNames: ['kind'] as const,
    registers: [this.registry],
  });
  readonly aborts = new Counter({
    name: 'playhead_http_aborts_total',
    help: 'Answers that the connection broke before their end, by route.',
    labelNames: ['route'] as const,
    registers: [this.registry],
  });
  readonly open = new Gauge({
    name: 'playhead_http_open_transfers',
    help: 'Answers under way.',
    registers: [this.registry],
  });
  readonly inspections = new Counter({
    name: 'playhead_inspections_total',
    help: 'Media reports asked for: made anew, taken from the cache, or refused because the file is no media.',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });
  readonly inspectionSeconds = new Histogram({
    name: 'playhead_inspection_duration_seconds',
    help: 'Time it took to make a media report.',
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** The text a Prometheus server reads. */
  async print(): Promise<{ readonly type: string; readonly text: string }> {
    return { type: this.registry.contentType, text: await this.registry.metrics() };
  }
}
