import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from './page.js';

/** WCAG 2.2, levels A and AA; the rules of a release keep their tags in later ones. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Runs from the driver, so that the page's policy about scripts need not allow it. */
const RUN = `
  if (!window.axe) throw new Error('axe-core did not load');
  return await axe.run(document, {
    runOnly: { type: 'tag', values: arguments[0] },
    resultTypes: ['violations'],
  });
`;

let source: Promise<string> | undefined;

/** What keeps people from using the page, serious or critical: a line for the rule, one for each element. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const { violations } = await page.browser.run<AxeResults>(`${await source}\n${RUN}`, TAGS);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, help, nodes }) => {
      const elements = nodes.map(({ target, failureSummary }) => {
        const advice = (failureSummary ?? '').split('\n').slice(1).join(';').replace(/\s+/g, ' ');
        return `\n    ${target.join(' ')}:${advice}`;
      });
      return `${impact} ${id}: ${help}${elements.join('')}`;
    });
}

export async function expectAccessible(page: Page): Promise<void> {
  const faults = await accessibilityFaults(page);
  if (faults.length > 0) throw new Error(`not accessible: ${await page.url()}\n${faults.join('\n')}`);
}
