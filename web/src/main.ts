import { mount } from 'svelte';
import './tokens.css';
import './base.css';
import App from './App.svelte';
import { startLanguage } from './i18n/language.svelte.ts';
import { startRouter } from './routing/router.svelte.ts';

/** Rows are measured when they are first shown, and not every browser has scripts wait for the looks. */
function looks(): Promise<unknown> {
  const sheet = document.querySelector<HTMLLinkElement>('link[rel=stylesheet]');
  if (!sheet || sheet.sheet) return Promise.resolve();
  return new Promise((resolve) => {
    sheet.onload = sheet.onerror = resolve;
  });
}

startRouter();
// No await here: WebKit runs what imports a module that awaits before that has run, when it is imported twice at a time.
void Promise.all([startLanguage(), looks()]).then(() =>
  mount(App, { target: document.getElementById('app')! }),
);
