import type { IncomingMessage } from 'node:http';
import { linkPrefix } from '../core/link/index.js';
import type { Problem } from '../core/problem/index.js';
import type { IdentifiedRequest } from '../logging/request-log.js';
import { escapeHtml, prose, smallPage } from './html.js';

/** A problem for people: what went wrong, what to tell who runs the server, and where to go on. */
export function problemPage(
  request: IncomingMessage & Partial<IdentifiedRequest>,
  { title, status, detail, type }: Problem,
): string {
  const id = request.id === undefined ? '' : ` Request <code>${escapeHtml(request.id)}</code>.`;
  const links = waysOn(request, status).map(
    ([url, text]) => `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`,
  );
  return smallPage(
    title,
    `<p>${prose(detail)}</p><p>${links.join(' · ')}</p>` +
      `<p><small>HTTP status ${status}, <a href="${escapeHtml(type)}">what it means</a>.${id}</small></p>`,
  );
}

/** A URL, and what is there. */
type Way = readonly [string, string];

function waysOn({ link, url }: IncomingMessage & Partial<IdentifiedRequest>, status: number): readonly Way[] {
  // What is beside it is not open to who comes by a link.
  if (link !== undefined) return [[linkPrefix(link), 'What this link opens']];
  const ways: Way[] = [
    [folderOf(url!), 'The folder'],
    ['/', 'All files'],
  ];
  return status === 401 ? [['/login', 'Log in'], ...ways] : ways;
}

/** The page that lists the folder of a file or folder. */
function folderOf(target: string): string {
  const path = target.split('?', 1)[0]!;
  const folder = path.slice(0, path.lastIndexOf('/', path.length - 2));
  return folder.replace(/^(?:\/(?:files|stream|browse))?/, '/browse');
}
