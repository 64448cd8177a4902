import { mount } from 'svelte';
import './tokens.css';
import './base.css';
import App from './App.svelte';
import { startLanguage } from './i18n/language.svelte.ts';
import { startRouter } from './routing/router.svelte.ts';

startRouter();
await startLanguage();
mount(App, { target: document.getElementById('app')! });
