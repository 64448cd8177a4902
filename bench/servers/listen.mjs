// What the Node peers share: the folder from the command line, any free port, and the line the harness waits for.
import path from 'node:path';

export const root = path.resolve(process.argv[2]);

export async function listen(server) {
  await new Promise((resolve) => server.listen({ host: '127.0.0.1', port: 0, backlog: 1024 }, resolve));
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
}
