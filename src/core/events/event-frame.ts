/**
 * One event as it goes over the line (HTML, 9.2.5: the event stream format).
 * @param data JSON, which has no line breaks of its own
 */
export function eventFrame(type: string, data: string, id: string): string {
  return `id: ${id}\nevent: ${type}\ndata: ${data}\n\n`;
}
