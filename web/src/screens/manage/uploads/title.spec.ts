import { expect, it } from '@jest/globals';
import { titleWith } from './title.ts';

it('puts the progress before the title once, and takes it away again', () => {
  const title = titleWith(titleWith('Films – Playhead', 0.4399), 0.51);
  expect(title).toBe('51% · Films – Playhead');
  expect(titleWith(title, undefined)).toBe('Films – Playhead');
  expect(titleWith('100% wool – Playhead', undefined)).toBe('100% wool – Playhead');
});
