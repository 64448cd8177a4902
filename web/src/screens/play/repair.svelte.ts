import { shareOf, startRepair, watchRepair } from '../inspect/repair.ts';

/** A file being rewritten on disk into its playable form. */
export class Repair {
  /** From 0 to 1; undefined while nothing is under way. */
  progress = $state<number | undefined>();

  /**
   * Queues it and waits for its end. @returns why it failed, in the server's words; undefined when all is well
   * @throws ApiProblem; the signal's reason
   */
  async run(path: string, signal: AbortSignal): Promise<string | undefined> {
    this.progress = 0;
    try {
      const job = await watchRepair(await startRepair(path, false), {
        signal,
        onprogress: (now) => (this.progress = shareOf(now)),
      });
      return job.state === 'done' ? undefined : (job.error?.message ?? job.state);
    } finally {
      this.progress = undefined;
    }
  }
}
