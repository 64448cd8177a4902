import { api, data } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';

type Job = components['schemas']['Optimization'];

/** Milliseconds between looks at a job. */
const PAUSE = 700;

/** A file being rewritten on disk into its playable form. */
export class Repair {
  /** From 0 to 1; undefined while nothing is under way. */
  progress = $state<number | undefined>();

  /**
   * Queues it and waits for its end. @returns why it failed, in the server's words; undefined when all is well
   * @throws ApiProblem
   */
  async run(path: string, signal: AbortSignal): Promise<string | undefined> {
    this.progress = 0;
    try {
      let job = await data<Job>(
        api.POST('/api/v1/optimizations', { body: { path, keepOriginal: false }, signal }),
      );
      while (job.state === 'queued' || job.state === 'running') {
        const { written, total } = job.progress;
        this.progress = total ? written / total : 0;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        const { id } = job;
        job = await data<Job>(api.GET('/api/v1/optimizations/{id}', { params: { path: { id } }, signal }));
      }
      return job.state === 'done' ? undefined : (job.error?.message ?? job.state);
    } finally {
      this.progress = undefined;
    }
  }
}
