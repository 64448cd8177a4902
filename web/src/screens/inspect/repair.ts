import { api, data } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';

/** A file being rewritten on disk into its playable form, or how that ended. */
export type RepairJob = components['schemas']['Optimization'];

/** Milliseconds between looks at a job. */
const PAUSE = 500;

/** Queues a rewrite. One of the same file and the same wish that is under way already is that. @throws ApiProblem */
export function startRepair(path: string, keepOriginal: boolean): Promise<RepairJob> {
  return data<RepairJob>(api.POST('/api/v1/optimizations', { body: { path, keepOriginal } }));
}

/**
 * Looks at a job until it has ended. Who no longer looks does not end it.
 * @throws ApiProblem; the signal's reason
 */
export async function watchRepair(
  job: RepairJob,
  { signal, onprogress }: { signal: AbortSignal; onprogress: (job: RepairJob) => void },
): Promise<RepairJob> {
  let now = job;
  for (;;) {
    onprogress(now);
    if (now.state !== 'queued' && now.state !== 'running') return now;
    await pause(signal);
    const { id } = now;
    now = await data<RepairJob>(api.GET('/api/v1/optimizations/{id}', { params: { path: { id } }, signal }));
  }
}

/** Ends a job; the file stays as it is, unless the job was faster. @throws ApiProblem */
export function cancelRepair({ id }: RepairJob): Promise<RepairJob> {
  return data<RepairJob>(api.DELETE('/api/v1/optimizations/{id}', { params: { path: { id } } }));
}

/** How far a job is, from 0 to 1. */
export function shareOf({ progress, state }: Pick<RepairJob, 'progress' | 'state'>): number {
  if (state === 'done') return 1;
  return progress.total ? Math.min(1, progress.written / progress.total) : 0;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, PAUSE);
    signal.addEventListener('abort', stop, { once: true });
  });
}
