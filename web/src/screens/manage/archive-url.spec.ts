import { describe, expect, it } from '@jest/globals';
import { folderArchive, selectionArchive } from './archive-url.ts';

describe('the URL of a ZIP file', () => {
  it('is that of a folder, each of its names encoded', () => {
    expect(folderArchive('', '')).toBe('/api/v1/archives');
    expect(folderArchive('/l/T', 'a b/c#d')).toBe('/l/T/api/v1/archives/a%20b/c%23d');
  });

  it('names what is selected', () => {
    expect(selectionArchive('', 'x', ['x/a&b.txt', 'x/夏'])).toBe(
      '/api/v1/archives/x?entry=a%26b.txt&entry=%E5%A4%8F',
    );
  });

  it('is none for too many', () => {
    const paths = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${name}${i}`);
    expect(selectionArchive('', '', paths(400, 'a'))).toBeDefined();
    expect(selectionArchive('', '', paths(501, 'a'))).toBeUndefined();
    expect(selectionArchive('', '', paths(100, '夏'.repeat(20)))).toBeUndefined();
  });
});
