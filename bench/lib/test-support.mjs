// The browsers, films and the slow line of the test suites, which are TypeScript: Node drops the types while loading.
import { readFileSync } from 'node:fs';
import module from 'node:module';

if (!module.registerHooks) {
  console.error('bench: this needs the Node of the project; start it with npx node');
  process.exit(2);
}
module.registerHooks({
  resolve: (specifier, context, next) =>
    next(
      context.parentURL?.endsWith('.ts') ? specifier.replace(/^(\..*)\.js$/, '$1.ts') : specifier,
      context,
    ),
  load: (url, context, next) => {
    if (!url.endsWith('.ts')) return next(url, context);
    const source = module.stripTypeScriptTypes(readFileSync(new URL(url), 'utf8'), { mode: 'transform' });
    return { format: 'module', shortCircuit: true, source };
  },
});

export const { makeMp3 } = await import('../../test/support/audio/make-mp3.ts');
export const { missingPrograms, openBrowser } = await import('../../test/support/browser/engines.ts');
export const { probe } = await import('../../test/support/browser/play-probe.ts');
export const { makeFilm } = await import('../../test/support/make-film.ts');
export const { PlayheadProcess } = await import('../../test/support/playhead-process.ts');
export const { MEDIA, SAMPLE_DURATION, SAMPLES } = await import('../../test/support/samples.ts');
export const { startLink, totalsUntil } = await import('../../test/support/slow-link.ts');
