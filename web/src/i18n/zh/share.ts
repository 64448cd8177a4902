import type { Messages } from '../language.svelte.ts';

export const share: Messages['share'] = {};
