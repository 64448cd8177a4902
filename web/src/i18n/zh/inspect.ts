import type { Messages } from '../language.svelte.ts';

export const inspect: Messages['inspect'] = {};
