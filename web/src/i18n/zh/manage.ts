import type { Messages } from '../language.svelte.ts';

export const manage: Messages['manage'] = {};
