import { describe, expect, it } from '@jest/globals';
import type { EntryKind, Permission } from '../../api/types.ts';
import { offeredAbout, offeredIn, offeredOn } from './offered.ts';

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

describe('what can be put into a folder', () => {
  it('waits until the folder is known', () => {
    expect(offeredIn(undefined, true)).toEqual([]);
  });

  it('is what who may write in it may add', () => {
    expect(offeredIn(open, false)).toEqual(['uploadFiles', 'uploadFolder', 'newFolder']);
    expect(offeredIn(open, true)).toEqual(['uploadFiles', 'uploadFolder', 'newFolder', 'paste']);
    expect(offeredIn(entry('folder', 'admin'), false)).toEqual(['uploadFiles', 'uploadFolder', 'newFolder']);
    expect(offeredIn(entry('folder', 'read'), true)).toEqual([]);
  });
});

describe('what can be done with the folder that is shown', () => {
  const folder = entry('folder', 'read');

  it('waits until the folder is known', () => {
    expect(offeredAbout(undefined, writer, true)).toEqual([]);
  });

  it('is to look and to hand on', () => {
    expect(offeredAbout(folder, reader, false)).toEqual(['downloadFolder', 'shareFolder', 'copyFolderLink']);
    expect(offeredAbout(folder, stranger, true)).toEqual(['playAll', 'downloadFolder', 'copyFolderLink']);
  });
});
