// The server one writes in ten minutes: node:http, stat, createReadStream, pipe. One byte range, no validators.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { listen, root } from './listen.mjs';

await listen(
  createServer(async (request, response) => {
    const file = path.join(root, path.normalize(decodeURIComponent(request.url)));
    try {
      const { size } = await stat(file);
      const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
      const start = range ? Number(range[1]) : 0;
      const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
      response.writeHead(range ? 206 : 200, {
        'Content-Type': 'video/mp4',
        'Content-Length': end - start + 1,
        'Accept-Ranges': 'bytes',
        ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
      });
      const body = createReadStream(file, { start, end });
      response.once('close', () => body.destroy());
      body.pipe(response);
    } catch {
      response.writeHead(404).end();
    }
  }),
);
