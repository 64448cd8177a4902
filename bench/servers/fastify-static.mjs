// @fastify/static with its defaults, without a logger.
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import { root } from './listen.mjs';

const app = fastify();
await app.register(fastifyStatic, { root });
await app.listen({ host: '127.0.0.1', port: 0, backlog: 1024 });
console.log(`listening on http://127.0.0.1:${app.server.address().port}`);
