import type { Messages } from '../language.svelte.ts';

export const play: Messages['play'] = {};
