import { mount } from 'svelte';
import './tokens.css';
import './base.css';
import App from './App.svelte';
import { startLanguage } from './i18n/language.svelte.ts';
import { startRouter } from './routing/router.svelte.ts';

startRouter();
// No await here: WebKit runs what imports a module that awaits before that has run, when it is imported twice at a time.
void startLanguage().then(() => mount(App, { target: document.getElementById('app')! }));
