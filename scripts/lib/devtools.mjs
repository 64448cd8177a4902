// Chromium by the Chrome DevTools Protocol: JSON over a WebSocket, which Node has. For pictures and measurements.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const SWITCHES = [
  '--headless=new',
  // Containers rarely allow the sandbox; the pages are our own.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--hide-scrollbars',
  '--mute-audio',
  '--autoplay-policy=no-user-gesture-required',
  '--no-first-run',
  '--remote-debugging-port=0',
];

/**
 * Starts a Chromium with a profile of its own.
 * @param onEvent called with the method and the parameters of every event
 * @returns `page(method, params)`, which sends a command to its only tab, and `close()`
 */
export async function openChromium(program, onEvent = () => {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'playhead-chromium-'));
  const browser = spawn(program, [...SWITCHES, `--user-data-dir=${folder}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => browser.once('close', resolve));
  const close = async () => {
    browser.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const send = await connect(await debuggerUrl(browser), onEvent);
    const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
    return { page: (method, params) => send(method, params, sessionId), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function debuggerUrl(browser) {
  let output = '';
  for await (const chunk of browser.stderr.setEncoding('utf8')) {
    output += chunk;
    const match = /DevTools listening on (ws:\S+)/.exec(output);
    if (match) return match[1];
  }
  throw new Error('Chromium did not start');
}

async function connect(address, onEvent) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const waiting = new Map();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(data);
    if (method) onEvent(method, params);
    const call = waiting.get(id);
    waiting.delete(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  };
  return (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params, ...(sessionId && { sessionId }) }));
    });
}
