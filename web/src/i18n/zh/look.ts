import type { Messages } from '../language.svelte.ts';

export const look: Messages['look'] = {};
