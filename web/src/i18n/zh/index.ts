import { common } from './common.ts';
import { browse } from './browse.ts';
import { play } from './play.ts';
import { look } from './look.ts';
import { inspect } from './inspect.ts';
import { manage } from './manage.ts';
import { share } from './share.ts';
import { uploads } from './uploads.ts';
import type { Messages } from '../language.svelte.ts';

/** Simplified Chinese. */
export const zh: Messages = { common, browse, play, look, inspect, manage, share, uploads };
