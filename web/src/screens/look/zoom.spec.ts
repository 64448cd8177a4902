import { describe, expect, it } from '@jest/globals';
import { actualScale, FIT, fitted, kept, zoomed } from './zoom.ts';

const frame = { width: 800, height: 600 };
const photo = { width: 4000, height: 2000 };
const icon = { width: 32, height: 32 };
const middle = { x: 0, y: 0 };

describe('a picture in its frame', () => {
  it('is fitted in, and never enlarged for it', () => {
    expect(fitted(photo, frame)).toEqual({ width: 800, height: 400 });
    expect(fitted({ width: 1000, height: 3000 }, frame)).toEqual({ width: 200, height: 600 });
    expect(fitted(icon, frame)).toEqual(icon);
  });

  it('can be shown pixel by pixel, and small ones twice as large', () => {
    expect(actualScale(photo, frame)).toBe(5);
    expect(actualScale(icon, frame)).toBe(2);
  });

  it('keeps the point under the pointer where it is', () => {
    const view = zoomed(FIT, 4, { x: 100, y: 50 }, photo, frame);
    expect(view).toEqual({ scale: 4, x: -300, y: -150 });
    // Where a point of the picture is, from the middle of the frame: its own place times the scale, and the shift.
    expect(100 * view.scale + view.x).toBe(100);
  });

  it('never gets smaller than its frame, nor larger than eight times its pixels', () => {
    expect(zoomed({ scale: 2, x: 400, y: 100 }, 0.01, middle, photo, frame)).toEqual(FIT);
    expect(zoomed(FIT, 1000, middle, photo, frame).scale).toBe(40);
  });

  it('leaves no gap at its edges', () => {
    expect(kept({ scale: 2, x: 9999, y: -9999 }, photo, frame)).toEqual({ scale: 2, x: 400, y: -100 });
    expect(kept({ scale: 1, x: 50, y: 50 }, icon, frame)).toEqual(FIT);
  });
});
