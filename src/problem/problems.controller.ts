import { Controller, Get, Header, Param } from '@nestjs/common';
import { Requires } from '../auth/requires.decorator.js';
import { CATALOGUE, ProblemError, type ProblemKind } from '../core/problem/index.js';

const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The pages that the `type` of a problem leads to, so that it resolves without the internet. */
@Controller('problems')
@Requires('nothing')
export class ProblemsController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', PAGE_POLICY)
  @Header('Cache-Control', 'no-cache')
  index(): string {
    const rows = Object.entries(CATALOGUE).map(
      ([slug, { status, title }]) => `<li><a href="/problems/${slug}">${status} ${slug}</a>: ${title}</li>`,
    );
    return page('Problems', `<ul>${rows.join('')}</ul>`);
  }

  @Get(':slug')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', PAGE_POLICY)
  @Header('Cache-Control', 'no-cache')
  show(@Param('slug') slug: string): string {
    if (!Object.hasOwn(CATALOGUE, slug)) {
      throw new ProblemError('not-found', 'There is no problem of this name. All are listed at /problems.');
    }
    const { status, title, meaning, remedy }: ProblemKind = CATALOGUE[slug as keyof typeof CATALOGUE];
    return page(
      title,
      `<p>HTTP status ${status}, <code>/problems/${slug}</code></p>` +
        `<h2>What it means</h2><p>${prose(meaning)}</p><h2>What to do</h2><p>${prose(remedy)}</p>` +
        '<p><a href="/problems">All problems</a></p>',
    );
  }
}

function page(title: string, content: string): string {
  const style =
    ':root{color-scheme:light dark;font:1rem/1.6 system-ui,sans-serif}body{max-width:40rem;margin:4rem auto;padding:0 1rem}';
  return (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    `<title>${escapeHtml(title)} · Playhead</title><style>${style}</style><h1>${escapeHtml(title)}</h1>${content}</html>`
  );
}

/** Text of the catalogue, its `code` marked up. */
function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
