import { describe, expect, it } from '@jest/globals';
import { Decisions } from './decisions.ts';

describe('Decisions', () => {
  it('hold for one file, or for all of a batch', () => {
    const decisions = new Decisions();
    expect(decisions.take('a', { choice: 'rename', all: false })).toBe('rename');
    expect(decisions.of('a', true)).toBeUndefined();
    decisions.take('a', { choice: 'replace', all: true });
    expect(decisions.of('a', true)).toBe('replace');
    expect(decisions.of('b', true)).toBeUndefined();
  });

  it('do not replace a folder', () => {
    const decisions = new Decisions();
    decisions.take('a', { choice: 'replace', all: true });
    expect(decisions.of('a', false)).toBeUndefined();
  });

  it('leave the rest alone when somebody thought better of it', () => {
    const decisions = new Decisions();
    expect(decisions.take('a', undefined)).toBe('skip');
    expect(decisions.of('a', false)).toBe('skip');
  });
});
