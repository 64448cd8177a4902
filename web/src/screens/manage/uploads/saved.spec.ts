import { beforeEach, describe, expect, it } from '@jest/globals';
import { hasSaved, savedFile, SavedBatches, SILENCE, summaryOf, without, type SavedBatch } from './saved.ts';

/** What a Storage is, as far as it matters: its keys are its properties. */
class MemoryStorage {
  [key: string]: unknown;
  getItem(key: string) {
    return (this[key] as string | undefined) ?? null;
  }
  setItem(key: string, value: string) {
    this[key] = value;
  }
  removeItem(key: string) {
    delete this[key];
  }
  key(index: number) {
    return Object.keys(this)[index] ?? null;
  }
  get length() {
    return Object.keys(this).length;
  }
}

const NOW = 1_800_000_000_000;
const DAY = 24 * 3600 * 1000;
const batch = (id: string, more: Partial<SavedBatch> = {}): SavedBatch => ({
  id,
  user: null,
  folder: 'films',
  seen: 0,
  files: { one: { size: 100, done: true }, two: { size: 200, url: '/u/2', sent: 50 }, three: { size: 100 } },
  ...more,
});

describe('SavedBatches', () => {
  let storage: Storage;
  let saved: SavedBatches;
  beforeEach(() => {
    storage = new MemoryStorage() as unknown as Storage;
    saved = new SavedBatches(() => storage);
  });
  const ids = (user: string | null, now = NOW) => saved.interrupted(user, now).map(({ id }) => id);

  it('gives back what was saved, the last first, to who saved it', () => {
    expect(hasSaved(() => storage)).toBe(false);
    saved.save(batch('a'), NOW - 2);
    saved.save(batch('b'), NOW - 1);
    saved.save(batch('c', { user: 'alice' }), NOW);
    expect(hasSaved(() => storage)).toBe(true);
    expect(ids(null)).toEqual(['b', 'a']);
    expect(ids('alice')).toEqual(['c']);
    expect(saved.interrupted('alice', NOW)[0]?.files).toEqual(batch('c').files);
  });

  it('leaves alone what another page works on, until that has been silent', () => {
    saved.save(batch('a', { seen: NOW }), NOW);
    expect(ids(null, NOW + SILENCE)).toEqual([]);
    expect(ids(null, NOW + SILENCE + 1)).toEqual(['a']);
  });

  it('forgets what is old, and keeps eight', () => {
    saved.save(batch('old'), NOW - 8 * DAY);
    for (let index = 0; index < 10; index++) saved.save(batch(`${index}`), NOW - index);
    expect(ids(null)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    expect(storage).toHaveLength(8);
  });

  it('does not mind what others have stored', () => {
    storage.setItem('playhead.uploads.x', '{"at":1');
    storage.setItem('playhead.uploads.y', '{"at":1,"batch":{"id":"y"}}');
    storage.setItem('playhead.theme', '"dark"');
    expect(ids(null)).toEqual([]);
  });

  it('keeps what has begun when there are too many files', () => {
    const files = Object.fromEntries(
      Array.from({ length: 30_000 }, (_, index) => [
        `${index}x`,
        { size: 1, ...(index > 29_990 && { url: '/u' }) },
      ]),
    );
    saved.save(batch('a', { files }), NOW);
    const kept = Object.values(saved.interrupted(null, NOW)[0]?.files ?? {});
    expect(kept).toHaveLength(20_000);
    expect(kept.filter(({ url }) => url)).toHaveLength(9);
  });

  it('goes without where storage is refused', () => {
    const refuse = () => {
      throw new Error('refused');
    };
    const refusing = new SavedBatches(refuse);
    expect(hasSaved(refuse)).toBe(false);
    refusing.save(batch('a'), NOW);
    expect(refusing.interrupted(null, NOW)).toEqual([]);
  });
});

describe('a saved batch', () => {
  it('tells how far it has come', () => {
    expect(summaryOf(batch('a'))).toEqual({ files: 3, bytes: 400, sent: 150 });
  });

  it('does not go on with an upload that the server has forgotten', () => {
    const files = { one: { size: 200, url: '/u/1', sent: 50, expires: NOW } };
    expect(savedFile(batch('a', { files }), 'one', NOW - 1)).toEqual(files.one);
    expect(savedFile(batch('a', { files }), 'one', NOW)).toEqual({ size: 200 });
    expect(savedFile(batch('a', { files }), 'constructor', NOW)).toBeUndefined();
  });

  it('is gone when another has taken over all that was left', () => {
    expect(Object.keys(without(batch('a'), new Set(['two']))?.files ?? {})).toEqual(['one', 'three']);
    expect(without(batch('a'), new Set(['two', 'three']))).toBeUndefined();
  });
});
