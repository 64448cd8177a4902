// sirv with its defaults: it reads the folder once, at start.
import { createServer } from 'node:http';
import sirv from 'sirv';
import { listen, root } from './listen.mjs';

await listen(createServer(sirv(root)));
