import { hash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who writes a temporary file: enough to tell later whether that process can still be running. */
export interface Writer {
  /** Eight hexadecimal digits for the machine since it was started, and the process ids that are known in it. */
  readonly host: string;
  readonly pid: number;
  /** When the process started, in ticks since the machine did; 0 where the system does not tell. */
  readonly start: string;
  /** Eight hexadecimal digits, others in every process. */
  readonly run: string;
}

/** This process. */
export const THIS_WRITER: Writer = {
  host: hostIdentity(),
  pid: process.pid,
  start: statusOf(process.pid)?.start ?? '0',
  run: randomBytes(4).toString('hex'),
};

/** Whether a writer runs: `unknown` when it is of another machine, container or boot. */
export function stateOf({ host, pid, start, run }: Writer): 'running' | 'ended' | 'unknown' {
  if (host !== THIS_WRITER.host) return 'unknown';
  if (pid === process.pid) return run === THIS_WRITER.run ? 'running' : 'ended';
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'ended';
  }
  // A process of this number runs. Another one, or one that has ended and waits to be buried, is not the writer.
  const status = statusOf(pid);
  return status && (status.start !== start || status.ended) ? 'ended' : 'running';
}

/** Of proc(5): fields 3 and 22 of `stat`. Undefined where there is no /proc, or it hides the processes of others. */
function statusOf(pid: number): { readonly start: string; readonly ended: boolean } | undefined {
  const line = read(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The name of the program, field 2, is in parentheses and may have any character.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return fields[19] ? { start: fields[19], ended: /^[ZXx]$/.test(fields[0]!) } : undefined;
}

/** The name alone would not do: containers may share it, and after a restart process ids mean other processes. */
function hostIdentity(): string {
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'));
  const processes = read(() => readlinkSync('/proc/self/ns/pid'));
  return hash('sha256', [hostname(), boot, processes].join('\0')).slice(0, 8);
}

function read(get: () => string): string {
  try {
    return get();
  } catch {
    return '';
  }
}
