// npx node bench/playability.mjs [--rounds N --engines NAMES --only NAMES --dir FOLDER --write]
// Plays every file in every browser from /files and from /stream, over a line of 50 ms and 2 MB/s: whether it starts,
// after how much, which duration it shows, and whether a seek lands. With --write into docs/playability.md.
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSources, ROOT } from '../scripts/lib/prepare.mjs';
import { chosen, commandLine, positive, readOptions } from './lib/options.mjs';
import { playableFiles } from './lib/playable-files.mjs';
import { inWords, middleInWords } from './lib/played.mjs';
import { circumstances, writeSection } from './lib/results-file.mjs';
import { table } from './lib/table.mjs';
import {
  missingPrograms,
  openBrowser,
  PlayheadProcess,
  probe,
  startLink,
  totalsUntil,
} from './lib/test-support.mjs';

const DOCUMENT = path.join(ROOT, 'docs/playability.md');
const LINE = { latencyMs: 50, bytesPerSecond: 2_000_000 };
/** For a load with its seek; a page that has not answered by then and a few seconds more is given up. */
const PATIENCE = 30_000;
const ENGINES = [
  { name: 'chromium', title: 'Chromium' },
  { name: 'firefox', title: 'Firefox' },
  { name: 'webkit', title: 'WebKitGTK' },
];
const HEAD = [
  'file',
  'from',
  'first picture or sound, s',
  'requests before',
  'kB before',
  'duration shown, s',
  'seek to 80 %',
];

let loaded = 0;
const options = readOptions({ engines: { type: 'string' }, only: { type: 'string' } });
const rounds = positive('rounds', options.rounds ?? '3');
const engines = chosen('engines', options.engines, ENGINES);
buildSources();
const { root, files: all } = await playableFiles(options.dir);
const files = chosen('only', options.only, all);
const playhead = PlayheadProcess.start([root, '--port', '0', '--log-level', 'silent']);
try {
  const { port } = await playhead.listening();
  for (const engine of engines) await measureIn(engine, port);
} finally {
  await playhead.kill();
}

async function measureIn({ name, title }, port) {
  const missing = missingPrograms(name);
  if (missing.length > 0) return console.log(`${title}: not installed: ${missing.join(', ')}`);
  const link = await startLink({ port, ...LINE });
  let browser = await openBrowser(name);
  const { version } = browser;
  const rows = [];
  try {
    for (const file of files) {
      const [stored, playable] = ['/files/', '/stream/'].map((base) => base + escaped(file.path));
      const isSame = (await entityTag(port, stored)) === (await entityTag(port, playable));
      for (const url of isSame ? [stored] : [stored, playable]) {
        const loads = [];
        for (let round = 0; round < rounds; round++) {
          const load = await playOnce(browser, link, file, url);
          loads.push(load);
          process.stderr.write(
            `${name} ${url} ${round + 1}/${rounds} ${JSON.stringify(inWords(load, file))}\n`,
          );
          if (load.report) continue;
          await browser.close().catch(() => undefined);
          browser = await openBrowser(name);
        }
        const from = isSame ? 'both' : url.replace(/(?<=\w)\/.*/, '');
        rows.push([file.name, from, ...middleInWords(loads, file)]);
      }
    }
  } finally {
    await browser.close().catch(() => undefined);
    await link.close();
  }
  const text = [circumstances(commandLine('playability.mjs'), { [title]: version }), table(HEAD, rows)].join(
    '\n\n',
  );
  console.log(`\n## ${title}\n\n${text}`);
  if (options.write) writeSection(title, text, DOCUMENT);
}

/** `report` is missing where the page did not answer. */
async function playOnce(browser, link, file, url) {
  // No load finds what an earlier one has left in the browser.
  const src = `${link.url}${url}?load=${++loaded}`;
  const before = link.requests.length;
  const page = `${link.url}/files/samples/documents/notes.txt`;
  const played = probe(browser, { page, src, tag: file.tag, timeoutMs: PATIENCE }).catch(() => undefined);
  const report = await Promise.race([played, sleep(PATIENCE + 5_000, undefined, { ref: false })]);
  const requests = link.requests.slice(before).filter((request) => link.url + request.path === src);
  const until = (at) => totalsUntil(requests, at ?? Infinity);
  return {
    report,
    first: until(report?.firstShownAt),
    sought: until(report?.seekedAt).bytes - until(report?.seekingAt ?? Infinity).bytes,
  };
}

function entityTag(port, url) {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', path: url, method: 'HEAD' }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve(response.headers.etag);
      else reject(new Error(`${url} answered ${response.statusCode}`));
    });
    request.once('error', reject).end();
  });
}

function escaped(name) {
  return name.split('/').map(encodeURIComponent).join('/');
}
