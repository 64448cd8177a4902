import { expect, it } from '@jest/globals';
import { sideOf, TapCounter } from './gestures.ts';

it('knows the sides of a picture', () => {
  expect([sideOf(0.1), sideOf(0.5), sideOf(0.9)]).toEqual(['left', 'middle', 'right']);
});

it('seeks by double taps at one side, and by each tap after that', () => {
  const taps = new TapCounter();
  expect(taps.tap('right', 0)).toBe(0);
  expect(taps.tap('right', 200)).toBe(10);
  expect(taps.tap('right', 400)).toBe(10);
  expect(taps.tap('left', 500)).toBe(0);
  expect(taps.tap('left', 700)).toBe(-10);
  expect(taps.tap('left', 1200)).toBe(0);
  expect(taps.tap('middle', 1300)).toBe(0);
  expect(taps.tap('middle', 1400)).toBe(0);
});
