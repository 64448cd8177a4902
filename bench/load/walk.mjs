// Lists a folder page by page until there is no next page, and says how long the first page and all of them took.
//   node walk.mjs URL
import { Agent, get } from 'node:http';
import { performance } from 'node:perf_hooks';

const PAGES_LIMIT = 10_000;
const agent = new Agent({ keepAlive: true });
const begin = performance.now();
let url = process.argv[2];
let entries = 0;
let pages = 0;
let firstPage;

while (url !== undefined && pages < PAGES_LIMIT) {
  const { status, body } = await fetchJson(url);
  if (status !== 200) {
    console.log(JSON.stringify({ status }));
    process.exit(0);
  }
  firstPage ??= performance.now() - begin;
  pages++;
  const page = JSON.parse(body);
  // nginx answers with the bare list, all of it.
  entries += (Array.isArray(page) ? page : page.entries).length;
  url = page.links?.next && new URL(page.links.next, url).href;
}
console.log(JSON.stringify({ status: 200, firstPage, all: performance.now() - begin, entries, pages }));
process.exit(0);

function fetchJson(address) {
  return new Promise((resolve, reject) => {
    get(address, { agent, headers: { Accept: 'application/json' } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }),
      );
      response.on('error', reject);
    }).on('error', reject);
  });
}
