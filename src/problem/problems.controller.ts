import { Controller, Get, Header, Param } from '@nestjs/common';
import { Requires } from '../auth/requires.decorator.js';
import { CATALOGUE, ProblemError, type ProblemKind } from '../core/problem/index.js';
import { prose, SMALL_PAGE_POLICY, smallPage } from './html.js';

/** The pages that the `type` of a problem leads to, so that it resolves without the internet. */
@Controller('problems')
@Requires('nothing')
export class ProblemsController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', SMALL_PAGE_POLICY)
  @Header('Cache-Control', 'no-cache')
  index(): string {
    const rows = Object.entries(CATALOGUE).map(
      ([slug, { status, title }]) => `<li><a href="/problems/${slug}">${status} ${slug}</a>: ${title}</li>`,
    );
    return smallPage('Problems', `<ul>${rows.join('')}</ul>`);
  }

  @Get(':slug')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', SMALL_PAGE_POLICY)
  @Header('Cache-Control', 'no-cache')
  show(@Param('slug') slug: string): string {
    if (!Object.hasOwn(CATALOGUE, slug)) {
      throw new ProblemError('not-found', 'There is no problem of this name. All are listed at /problems.');
    }
    const { status, title, meaning, remedy }: ProblemKind = CATALOGUE[slug as keyof typeof CATALOGUE];
    return smallPage(
      title,
      `<p>HTTP status ${status}, <code>/problems/${slug}</code></p>` +
        `<h2>What it means</h2><p>${prose(meaning)}</p><h2>What to do</h2><p>${prose(remedy)}</p>` +
        '<p><a href="/problems">All problems</a></p>',
    );
  }
}
