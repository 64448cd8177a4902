import { common } from './common.ts';
import { browse } from './browse.ts';
import { play } from './play.ts';
import { look } from './look.ts';
import { inspect } from './inspect.ts';
import { manage } from './manage.ts';
import { share } from './share.ts';
import { uploads } from './uploads.ts';

/** English; the other languages have the same shape. */
export const en = { common, browse, play, look, inspect, manage, share, uploads };
