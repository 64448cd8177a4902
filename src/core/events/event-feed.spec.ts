import { describe, expect, it } from '@jest/globals';
import type { ObjectKey } from '../path/index.js';
import { EventFeed } from './event-feed.js';

const event = (key: string, data = '{}') => ({ type: 'changed', key: key as ObjectKey, data });
const keysOf = (events: readonly { key: string }[] | undefined) => events?.map(({ key }) => key);

describe('EventFeed', () => {
  it('passes events on in order, with ids that grow', () => {
    const feed = new EventFeed({ events: 10, characters: 10_000 });
    const heard: string[] = [];
    const unlisten = feed.listen(({ frame }) => heard.push(frame));
    feed.publish(event('a', '{"x":1}'));
    feed.publish(event('b'));
    unlisten();
    feed.publish(event('c'));
    const [start] = feed.id.split('-') as [string];
    expect(heard).toEqual([
      `id: ${start}-1\nevent: changed\ndata: {"x":1}\n\n`,
      `id: ${start}-2\nevent: changed\ndata: {}\n\n`,
    ]);
    expect(feed.id).toBe(`${start}-3`);
  });

  it('remembers the last ones, and says when some are forgotten', () => {
    const feed = new EventFeed({ events: 3, characters: 10_000 });
    for (let count = 1; count <= 20; count++) feed.publish(event(`${count}`));
    expect(keysOf(feed.after(17))).toEqual(['18', '19', '20']);
    expect(keysOf(feed.after(19))).toEqual(['20']);
    expect(feed.after(20)).toEqual([]);
    expect(feed.after(16)).toBeUndefined();
    expect(feed.after(0)).toBeUndefined();
  });

  it('remembers no more characters than it may', () => {
    const feed = new EventFeed({ events: 100, characters: 1000 });
    for (let count = 1; count <= 20; count++) feed.publish(event(`${count}`, 'x'.repeat(150)));
    expect(keysOf(feed.after(18))).toEqual(['19', '20']);
    expect(feed.after(17)).toBeUndefined();
    feed.publish(event('large', 'x'.repeat(5000)));
    expect(keysOf(feed.after(20))).toEqual(['large']);
  });

  it('knows its own ids alone', () => {
    const feed = new EventFeed({ events: 3, characters: 1000 });
    feed.publish(event('a'));
    expect(feed.sequenceOf(feed.id)).toBe(1);
    const [start] = feed.id.split('-') as [string];
    expect(feed.sequenceOf(`${start}-0`)).toBe(0);
    for (const id of [new EventFeed({ events: 1, characters: 1 }).id, `${start}-2`, `${start}-x`, '', '1'])
      expect(feed.sequenceOf(id)).toBeUndefined();
  });
});
