import { runInPage } from './page-script.js';
import type { Session } from './session.js';

/**
 * The engine tells nobody what an automated page writes to its console (its `write-console-messages-to-stdout`
 * leaves out private sessions, which these are), nor does its driver run a script ahead of the page's. So the
 * page is asked to note its errors once it has loaded: earlier ones, and those before a link led away, are lost.
 */
export function watchConsole(session: Session): Pick<Session, 'goto' | 'back' | 'reload'> & {
  takeErrors(): Promise<string[]>;
} {
  const watch = async (): Promise<string[]> => (await runInPage(session, NOTE_ERRORS, [])) as string[];
  const watched = async (going: Promise<void>): Promise<void> => {
    await going;
    await watch();
  };
  return {
    goto: (url) => watched(session.goto(url)),
    back: () => watched(session.back()),
    reload: () => watched(session.reload()),
    takeErrors: watch,
  };
}

/** Returns what has been noted and forgets it; begins to note in a page that does not yet. */
const NOTE_ERRORS = `
  const key = Symbol.for('playhead errors');
  if (window[key]) return window[key].splice(0);
  const noted = (window[key] = []);
  const note = (...parts) => noted.push(parts.map(String).join(' '));
  const { error } = console;
  console.error = (...parts) => { note(...parts); error.apply(console, parts); };
  addEventListener('error', (event) => {
    if (event.message) note(event.filename, event.lineno, event.message);
    else note('Failed to load', event.target?.currentSrc || event.target?.src || event.target?.href);
  }, true);
  addEventListener('unhandledrejection', ({ reason }) => note('Unhandled rejection:', reason));
  document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) =>
    note('Content-Security-Policy', effectiveDirective, 'blocked', blockedURI));
  return [];
`;
