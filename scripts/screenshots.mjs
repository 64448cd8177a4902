// node scripts/screenshots.mjs [--out FOLDER]
// Pictures of every screen, light and dark, on a desktop and a phone, into docs/screenshots: from a real server on a
// folder made for it. Needs Chromium and ffmpeg.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openChromium } from './lib/devtools.mjs';
import { buildSources, nodeBinary, ROOT } from './lib/prepare.mjs';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: path.join(ROOT, 'docs/screenshots') },
    only: { type: 'string' },
  },
});
const CHROMIUM = '/usr/bin/chromium';
const DESKTOP = { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 1.5, mobile: true };
const FILM = 'Films/A walk along the river, with a name that is longer than any row has room for.mp4';

/** Each picture: where, how it looks, and what is done before it is taken. `share` is the path of what is shared. */
const PICTURES = {
  'browse-desktop-light': { at: '/browse/Films' },
  'browse-desktop-dark': { at: '/browse/Pictures', dark: true, remember: { view: 'grid' } },
  'browse-phone-light': { at: '/browse', phone: true },
  'browse-phone-dark-zh': { at: '/browse/Films', phone: true, dark: true, language: 'zh-CN' },
  'empty-desktop-light': { at: '/browse/Empty' },
  'missing-phone-dark': { at: '/browse/Nothing here', phone: true, dark: true },
  'film-desktop-dark': { at: `/browse/${FILM}?t=4`, dark: true, wait: 1500 },
  'film-phone-light': { at: `/browse/${FILM}?t=4`, phone: true, wait: 1500 },
  'music-desktop-light': { at: '/browse/Music/02 Second song.mp3', wait: 800 },
  'music-phone-dark': { at: '/browse/Music/02 Second song.mp3', phone: true, dark: true, wait: 800 },
  'refused-desktop-light': { at: '/browse/Films/Damaged.mp4', wait: 2500 },
  'picture-desktop-dark': { at: '/browse/Pictures/Gradient 2.jpg', dark: true },
  'text-phone-light': { at: '/browse/Documents/player.ts', phone: true },
  'markdown-desktop-light': { at: '/browse/Documents/Notes.md' },
  'inspect-desktop-dark': { at: `/browse/${FILM}?panel=inspect`, dark: true, wait: 1000 },
  'inspect-phone-light': { at: `/browse/${FILM}?panel=inspect`, phone: true, wait: 1000 },
  'trash-desktop-light': { at: '/trash' },
  'links-phone-light': { at: '/links', phone: true },
  'share-desktop-light': { share: FILM, wait: 1500 },
  'share-phone-dark': { share: 'Music', phone: true, dark: true },
  'login-phone-light': { at: '/login', phone: true },
};

const NOTES = `# Notes about the river

A list of what is **still missing**, and a [film](../Films/Numbers.mp4).

- sound of the second take
- *subtitles* in two languages

| take | length | good |
|---|---|---|
| 1 | 2:10 | no |
| 2 | 2:24 | yes |

\`\`\`
npm start -- ~/Videos
\`\`\`
`;

buildSources();
const root = mkdtempSync(path.join(os.tmpdir(), 'playhead-screenshots-'));
const media = path.join(root, 'media');
let server;
let cookie;
try {
  fill();
  server = await start();
  mkdirSync(options.out, { recursive: true });
  await prepare();
  for (const [name, picture] of Object.entries(PICTURES)) {
    if (options.only && !name.includes(options.only)) continue;
    writeFileSync(path.join(options.out, `${name}.webp`), await take(picture));
    process.stderr.write(`${name}\n`);
  }
} finally {
  server?.child.kill('SIGTERM');
  await server?.ended;
  rmSync(root, { recursive: true, force: true });
}

/** A folder as people have them, made of generated sound and pictures. */
function fill() {
  for (const folder of ['Films', 'Music', 'Pictures', 'Documents', 'Empty', '音乐 – 夏の歌'])
    mkdirSync(path.join(media, folder), { recursive: true });
  const at = (...names) => path.join(media, ...names);
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=220:duration=24'];
  const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest'];
  ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'gradients=s=1280x720:d=24:speed=0.02:n=5:seed=7:c0=#1b2a49:c1=#e07a5f:c2=#f2cc8f:c3=#81b29a:c4=#3d405b',
    ...sound,
    ...h264,
    at(FILM),
  );
  writeFileSync(
    at(FILM.replace(/mp4$/, 'en.srt')),
    '1\n00:00:03,000 --> 00:00:20,000\nThe river begins somewhere up there.\n',
  );
  ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'mandelbrot=s=640x360:r=10',
    '-t',
    '6',
    ...sound,
    ...h264,
    '-movflags',
    '+faststart',
    at('Films/Numbers.mp4'),
  );
  cpSync(path.join(ROOT, 'samples/video/mp4-hevc-hev1.mp4'), at('Films/Phone recording.mp4'));
  cpSync(path.join(ROOT, 'samples/video/webm-vp9-opus.webm'), at('Films/Recorded.webm'));
  cpSync(path.join(ROOT, 'samples/video/matroska.mkv'), at('Films/From the disc.mkv'));
  writeFileSync(
    at('Films/Damaged.mp4'),
    Buffer.concat([Buffer.from('00000018667479706d703432', 'hex'), Buffer.alloc(200_000, 7)]),
  );
  for (let number = 1; number <= 12; number++) {
    const colours = `c0=0x${hex(number * 37)}:c1=0x${hex(number * 91)}:c2=0x${hex(number * 53)}`;
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      `gradients=s=${number % 3 ? '1200x800' : '800x1200'}:n=3:seed=${number}:${colours}`,
      '-frames:v',
      '1',
      at(`Pictures/Gradient ${number}.jpg`),
    );
  }
  [
    'First song',
    'Second song',
    'A song with a very long title that goes on and on and on',
    '夏の歌',
    'Été',
  ].forEach((title, index) => {
    const tags = [
      '-metadata',
      `title=${title}`,
      '-metadata',
      'artist=The Sine Waves',
      '-metadata',
      'album=Tones',
      '-metadata',
      `track=${index + 1}`,
    ];
    const cover = [
      '-i',
      at('Pictures/Gradient 4.jpg'),
      '-map',
      '0',
      '-map',
      '1',
      '-c:v',
      'mjpeg',
      '-disposition:v',
      'attached_pic',
    ];
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      `sine=frequency=${220 + 40 * index}:duration=${95 + 30 * index}`,
      ...cover,
      ...tags,
      '-q:a',
      '9',
      at('Music', `0${index + 1} ${title}.mp3`),
    );
  });
  cpSync(path.join(ROOT, 'samples/documents/sample.pdf'), at('Documents/Report.pdf'));
  cpSync(path.join(ROOT, 'web/src/lib/format.svelte.ts'), at('Documents/player.ts'));
  writeFileSync(at('Documents/Notes.md'), NOTES);
  for (const name of readdirSync(path.join(ROOT, 'samples/audio')))
    cpSync(path.join(ROOT, 'samples/audio', name), at('音乐 – 夏の歌', name));
}

function hex(number) {
  return ((number * 2_654_435_761) % 0xffffff).toString(16).padStart(6, '0');
}

function ffmpeg(...args) {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`ffmpeg: ${stderr}`);
}

async function start() {
  const args = [
    path.join(ROOT, 'dist/cli.js'),
    media,
    '--port',
    '0',
    '--user',
    'alice:secret@/:rwd',
    '--state-dir',
    path.join(root, 'state'),
  ];
  const child = spawn(nodeBinary(), args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += chunk;
    const match = /listening on (http:\/\/[\w.:]+)/.exec(output);
    if (!match) continue;
    child.stdout.resume();
    return { child, ended, origin: match[1] };
  }
  throw new Error(`the server did not start: ${output}`);
}

/** A login, something in the trash, and a link. */
async function prepare() {
  const credentials = JSON.stringify({ name: 'alice', password: 'secret' });
  const login = await request('/api/v1/session', 'POST', credentials);
  cookie = login.headers.getSetCookie()[0].split(';')[0];

  for (const name of ['Old take 1.mp4', 'Old take 2.mp4']) {
    const url = `/files/Films/${encodeURIComponent(name)}`;
    await request(url, 'PUT', Buffer.alloc(1_234_567));
    await request(url, 'DELETE');
  }
  await link('Pictures');
}

async function link(shared) {
  const response = await request(
    '/api/v1/links',
    'POST',
    JSON.stringify({ path: shared, expiresIn: 604_800 }),
  );
  return (await response.json()).links.page;
}

/** As alice does it, from the page. */
async function request(url, method, body) {
  const headers = {
    Origin: server.origin,
    ...(cookie && { Cookie: cookie }),
    ...(typeof body === 'string' && { 'Content-Type': 'application/json' }),
  };
  const response = await fetch(server.origin + url, { method, headers, body });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response;
}

async function take({
  at,
  share,
  phone = false,
  dark = false,
  language = 'en-US',
  remember = {},
  wait = 300,
}) {
  const url = new URL(share === undefined ? encodeURI(at) : await link(share), server.origin).href;
  const chromium = await openChromium(CHROMIUM);
  const { page } = chromium;
  try {
    await page('Page.enable');
    await page('Emulation.setDeviceMetricsOverride', phone ? PHONE : DESKTOP);
    await page('Emulation.setTouchEmulationEnabled', { enabled: phone });
    await page('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
    });
    await page('Emulation.setUserAgentOverride', { userAgent: await agent(page), acceptLanguage: language });
    const lines = Object.entries({ muted: true, ...remember }).map(
      ([key, value]) => `localStorage.setItem('playhead.${key}', ${JSON.stringify(JSON.stringify(value))});`,
    );
    await page('Page.addScriptToEvaluateOnNewDocument', { source: lines.join('\n') });
    // Whoever opens a link is a stranger, and so is who logs in.
    if (share === undefined && at !== '/login') {
      const [name, value] = cookie.split('=');
      await page('Network.setCookie', { name, value, url: server.origin });
    }
    await page('Page.navigate', { url });
    await settled(page);
    await sleep(wait);
    const { data } = await page('Page.captureScreenshot', { format: 'webp', quality: 70 });
    return Buffer.from(data, 'base64');
  } finally {
    await chromium.close();
  }
}

async function agent(page) {
  const { result } = await page('Runtime.evaluate', { expression: 'navigator.userAgent' });
  return result.value;
}

/** Waits until the network has rested for half a second, for at most ten. */
async function settled(page) {
  const expression = `document.readyState === 'complete' && performance.getEntriesByType('resource').length`;
  for (let before = -1, calm = 0, tries = 0; calm < 5 && tries < 100; tries++) {
    const { result } = await page('Runtime.evaluate', { expression });
    calm = result.value !== false && result.value === before ? calm + 1 : 0;
    before = result.value;
    await sleep(100);
  }
}
