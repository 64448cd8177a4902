import type { Page } from './page.js';

/**
 * What has moved on the page without anybody's doing since it was loaded, each with where it was and where it went.
 * Only Chromium tells.
 */
export function layoutShifts(page: Page): Promise<string[]> {
  return page.browser.run(`
    const shifts = await new Promise((resolve) => {
      const found = [];
      new PerformanceObserver((list) => found.push(...list.getEntries())).observe({
        type: 'layout-shift',
        buffered: true,
      });
      setTimeout(resolve, 200, found);
    });
    return shifts
      .filter(({ hadRecentInput }) => !hadRecentInput)
      .flatMap(({ sources }) => sources)
      .map(({ node, previousRect: from, currentRect: to }) =>
        [node?.outerHTML?.slice(0, 120) ?? node?.textContent, from.x, from.y, 'to', to.x, to.y].join(' '),
      );
  `);
}
