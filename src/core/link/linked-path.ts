import { LINK_ID } from './signed-link.js';

/** What the path of a URL begins with that goes by a link: the token follows, then a path as it is without a link. */
const MARK = '/l/';

/** What can be asked for by a link: what is read, below one path; what the link opens; the page that shows it. */
const OPENED =
  /^\/(?:(?:files|stream|browse|api\/v1\/(?:entries|inspections|archives|playlists|subtitles|thumbnails|webvtt|link))(?=[/?]|$)|(?=\?|$))/;

export interface LinkedTarget {
  readonly token: string;
  /** The request target without the link. */
  readonly target: string;
}

/** The two parts of a request target that goes by a link; undefined for any other. */
export function linkedTarget(target: string): LinkedTarget | undefined {
  if (!target.startsWith(MARK)) return undefined;
  const length = target.slice(MARK.length).search(/[/?]/);
  if (length < 0) return { token: target.slice(MARK.length), target: '/' };
  const rest = target.slice(MARK.length + length);
  return {
    token: target.slice(MARK.length, MARK.length + length),
    target: rest.startsWith('/') ? rest : `/${rest}`,
  };
}

/** Whether a link may lead there, if it is for that path. */
export function isOpenedByLinks(target: string): boolean {
  return OPENED.test(target);
}

/** What stands before the path of a URL that goes by a link. */
export function linkPrefix(token: string): string {
  return MARK + token;
}

/** What of a token may be logged: the id of its link, which opens nothing. */
export function linkIdOf(token: string): string {
  const id = token.slice(0, 16);
  return LINK_ID.test(id) ? id : '***';
}

/** A request target as it may be logged: whoever reads the log must not be able to use what they find in it. */
export function withoutTokens(target: string): string {
  return target.includes(MARK) ? target.replace(/\/l\/[^/?#]+/g, '/l/***') : target;
}
