/** Whether an error is Node's word for a client that went away while it sent its request, or was sent away. */
export function isBreak(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
