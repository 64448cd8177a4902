import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { stateOf, THIS_WRITER } from './writer.js';

describe('the writer of a temporary file', () => {
  it('runs: this process', () => {
    expect(stateOf(THIS_WRITER)).toBe('running');
  });

  it('has ended when an earlier process had the id of this one', () => {
    expect(stateOf({ ...THIS_WRITER, run: '00000000' })).toBe('ended');
  });

  it('is unknown on another machine, whatever its process id', () => {
    expect(stateOf({ ...THIS_WRITER, host: '00000000' })).toBe('unknown');
    expect(stateOf({ ...THIS_WRITER, host: '00000000', pid: 999_999_999 })).toBe('unknown');
  });

  it('runs as long as the process does, and no other process with its id counts', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const pid = child.pid!;
    const start = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))![1]!.split(' ')[19]!;
    const writer = { ...THIS_WRITER, run: '00000000', pid, start };
    expect(stateOf(writer)).toBe('running');
    expect(stateOf({ ...writer, start: String(Number(start) - 1) })).toBe('ended');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(stateOf(writer)).toBe('ended');
  });
});
