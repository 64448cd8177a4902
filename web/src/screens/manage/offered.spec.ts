import { describe, expect, it } from '@jest/globals';
import type { EntryKind, Permission } from '../../api/types.ts';
import { offeredIn, offeredOn } from './offered.ts';

const entry = (kind: EntryKind, ...permissions: Permission[]) => ({ kind, permissions });
const reader = { anywhere: ['read'] as Permission[], isShared: false };
const writer = { anywhere: ['read', 'write', 'delete'] as Permission[], isShared: false };
const stranger = { anywhere: ['read'] as Permission[], isShared: true };
const open = entry('folder', 'read', 'write', 'delete');

describe('what can be done with entries', () => {
  it('is nothing with none', () => {
    expect(offeredOn([], open, writer)).toEqual([]);
  });

  it('is looking alone for who may only read', () => {
    const folder = entry('folder', 'read');
    expect(offeredOn([entry('video', 'read')], folder, reader)).toEqual([
      'openTab',
      'download',
      'inspect',
      'share',
      'copyLink',
    ]);
    expect(offeredOn([entry('text', 'read'), folder], folder, reader)).toEqual(['download']);
  });

  it('is no sharing for who came by a link', () => {
    const folder = entry('folder', 'read');
    expect(offeredOn([entry('other', 'read')], folder, stranger)).toEqual([
      'openTab',
      'download',
      'copyLink',
    ]);
    expect(offeredIn(folder, stranger, false)).toEqual(['downloadFolder', 'copyFolderLink']);
  });

  it('is everything for who may change them', () => {
    const one = entry('audio', 'read', 'write', 'delete');
    expect(offeredOn([one], open, writer)).toEqual([
      'openTab',
      'download',
      'inspect',
      'share',
      'copyLink',
      'rename',
      'move',
      'copy',
      'cutEntries',
      'copyEntries',
      'delete',
    ]);
    expect(offeredOn([one, one], open, writer)).toEqual([
      'download',
      'move',
      'copy',
      'cutEntries',
      'copyEntries',
      'delete',
    ]);
  });

  it('is to take copies away for who may add but not delete', () => {
    const adder = { anywhere: ['read', 'write'] as Permission[], isShared: false };
    const offered = offeredOn([entry('text', 'read', 'write')], entry('folder', 'read', 'write'), adder);
    expect(offered).toContain('copy');
    for (const name of ['rename', 'move', 'cutEntries', 'delete'] as const)
      expect(offered).not.toContain(name);
  });

  it('is what may be done with each of them', () => {
    const offered = offeredOn([open, entry('text', 'read')], open, writer);
    expect(offered).toEqual(['download', 'copy', 'copyEntries']);
  });

  it('is no new name where nothing may be written', () => {
    const offered = offeredOn([open], entry('folder', 'read', 'delete'), writer);
    expect(offered).not.toContain('rename');
    expect(offered).toContain('move');
  });
});

describe('what can be done in a folder', () => {
  it('waits until the folder is known', () => {
    expect(offeredIn(undefined, writer, true)).toEqual([]);
  });

  it('is to make folders and paste for who may write in it', () => {
    expect(offeredIn(open, writer, false).slice(0, 2)).toEqual(['newFolder', 'downloadFolder']);
    expect(offeredIn(open, writer, true).slice(0, 2)).toEqual(['newFolder', 'paste']);
    expect(offeredIn(entry('folder', 'read'), writer, true)).toEqual([
      'downloadFolder',
      'shareFolder',
      'copyFolderLink',
    ]);
  });

  it('is everything for an administrator', () => {
    expect(offeredIn(entry('folder', 'admin'), { anywhere: ['admin'], isShared: false }, true)).toHaveLength(
      5,
    );
  });
});
