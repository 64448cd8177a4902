import { runInPage } from './page-script.js';
import type { Session } from './session.js';

/** The frame and toolbars around the page, and how they change with the width, differ by engine: measure. */
export async function resizeViewport(session: Session, width: number, height: number): Promise<void> {
  let [outerWidth, outerHeight] = [width, height];
  let shown = '';
  for (let tries = 0; tries < 5; tries++) {
    await session.setWindowSize(outerWidth, outerHeight);
    const [innerWidth, innerHeight] = (await runInPage(session, MEASURE, [])) as [number, number];
    if (innerWidth === width && innerHeight === height) return;
    shown = `${innerWidth}x${innerHeight}`;
    outerWidth += width - innerWidth;
    outerHeight += height - innerHeight;
  }
  throw new Error(`asked for a page of ${width}x${height}, got ${shown}`);
}

/** A window may answer before its page has been laid out again. */
const MEASURE = `
  await new Promise((resolve) => setTimeout(resolve, 50));
  return [innerWidth, innerHeight];
`;
