import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingPrograms, openBrowser, type Browser } from '../support/browser/engines.js';
import { startPlayhead, type Playhead } from '../support/playhead.js';
import { SAMPLES } from '../support/samples.js';

/** Opens the operation and sends its example, a file in a folder, as a reader of the page does. */
const TRY_IT = `
  const until = async (find) => {
    for (let attempt = 0; attempt < 100; attempt++) {
      const found = find();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('not found: ' + find);
  };
  const operation = await until(() => document.querySelector('#operations-Files-getFile'));
  if (!operation.classList.contains('is-open')) operation.querySelector('.opblock-summary-control').click();
  (await until(() => operation.querySelector('.try-out__btn'))).click();
  (await until(() => operation.querySelector('.execute'))).click();
  await until(() => operation.querySelector('.live-responses-table .response'));
  return operation.querySelector('.live-responses-table .response').innerText;
`;

describe('the documentation page', () => {
  const missing = missingPrograms('chromium');
  if (missing.length > 0) {
    it.skip(`shows and tries the API (not installed: ${missing.join(', ')})`, () => undefined);
    return;
  }

  let playhead: Playhead;
  let browser: Browser;
  beforeAll(async () => {
    playhead = await startPlayhead({ root: SAMPLES });
    browser = await openBrowser('chromium');
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await playhead?.close();
  }, 30_000);

  it('shows the contract with nothing from elsewhere, and tries it', async () => {
    await browser.goto(`${playhead.url}/docs`);
    const answer = await browser.run<string>(TRY_IT);
    expect(answer).toMatch(/^200/);
    expect(playhead.log.map(({ path }) => path)).toContain('/files/video/mp4-moov-first.mp4');
    const resources = await browser.run<string[]>(
      `return performance.getEntriesByType('resource').map(({ name }) => name)`,
    );
    expect(resources.filter((url) => !url.startsWith(playhead.url) && !url.startsWith('data:'))).toEqual([]);
  }, 60_000);
});
