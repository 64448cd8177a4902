import type { Messages } from '../language.svelte.ts';

export const browse: Messages['browse'] = {};
