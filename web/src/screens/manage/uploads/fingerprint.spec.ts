import { describe, expect, it } from '@jest/globals';
import { fingerprint } from './fingerprint.ts';

const file = { path: 'films/a.mp4', size: 1000, lastModified: 1_700_000_000_000 };

describe('fingerprint', () => {
  it('is the same for the same file, and short', () => {
    expect(fingerprint({ ...file })).toBe(fingerprint(file));
    expect(fingerprint(file)).toMatch(/^[0-9a-z]{14}$/);
  });

  it.each([{ path: 'films/b.mp4' }, { size: 1001 }, { lastModified: 1_700_000_000_001 }])(
    'is another with %p',
    (change) => expect(fingerprint({ ...file, ...change })).not.toBe(fingerprint(file)),
  );

  it('tells 20,000 files apart', () => {
    const all = Array.from({ length: 20_000 }, (_, index) =>
      fingerprint({ path: `照片/IMG_${index}.jpg`, size: 3_000_000 + (index % 7), lastModified: 1000 }),
    );
    expect(new Set(all).size).toBe(all.length);
  });
});
