import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ByteSource, MemorySource } from '../core/bytes/index.js';
import { CannotDrawError, DrawingProcess } from './drawing-process.js';
import { PictureError } from './picture-error.js';

/** Does what the picture says, as no picture does: the program that draws stands between them. */
const PROGRAM = `
  let input = Buffer.alloc(0);
  process.stdin.on('data', (chunk) => {
    input = Buffer.concat([input, chunk]);
    while (input.length >= 8 && input.length >= 8 + input.readUInt32BE(4)) {
      const end = 8 + input.readUInt32BE(4);
      const [deed, ...words] = input.toString('latin1', 8, end).trim().split(' ');
      const size = input.readUInt32BE(0);
      input = input.subarray(end);
      if (deed === 'crash') process.kill(process.pid, 'SIGSEGV');
      if (deed === 'half') process.stdout.write(Buffer.of(0, 0, 0, 0, 9, 1), () => process.exit());
      const outcome = ['draw', 'refuse', 'lack'].indexOf(deed);
      if (outcome < 0) continue;
      const answer = Buffer.from([process.pid, size, ...words].join(' '));
      const header = Buffer.alloc(5);
      header.writeUInt8(outcome);
      header.writeUInt32BE(answer.length, 1);
      process.stdout.write(Buffer.concat([header, answer]));
    }
  });
`;

const source = (text: string) => new MemorySource(Buffer.from(text));
let folder: string;
let program: string;
let drawing: DrawingProcess;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'playhead-drawing-'));
  program = path.join(folder, 'program.cjs');
  await writeFile(program, PROGRAM);
});
afterEach(() => drawing.close());
afterAll(() => rm(folder, { recursive: true }));

const draw = async (text: string) => {
  const [pid, size, ...words] = (await drawing.draw(source(text), 320)).toString().split(' ');
  return { pid: Number(pid), size, words };
};

describe('a program that draws', () => {
  it('draws one picture after the other, also large ones', async () => {
    drawing = new DrawingProcess(program);
    const first = await draw('draw one');
    expect(first).toMatchObject({ size: '320', words: ['one'] });
    await expect(draw('refuse')).rejects.toThrow(PictureError);
    const large = `draw ${' '.repeat(8 * 2 ** 20)}`;
    expect(await draw(large)).toEqual({ pid: first.pid, size: '320', words: [] });
  });

  it.each(['crash', 'half', 'hang'])('may %s for one picture, and draws the next', async (deed) => {
    drawing = new DrawingProcess(program, 2000);
    const { pid } = await draw('draw one');
    await expect(draw(deed)).rejects.toThrow(PictureError);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    const next = await draw('draw two');
    expect(next.words).toEqual(['two']);
    expect(next.pid).not.toBe(pid);
  });

  it('is begun anew when a picture could not be read to its end', async () => {
    drawing = new DrawingProcess(program);
    const broken: ByteSource = {
      size: 100,
      read: () => Promise.reject(new Error('EIO')),
      readInto: () => Promise.reject(new Error('EIO')),
      stream: () =>
        Readable.from(
          (function* () {
            yield Buffer.from('draw half');
            throw new Error('EIO');
          })(),
        ),
    };
    await expect(drawing.draw(broken, 160)).rejects.toThrow('EIO');
    expect((await draw('draw one')).words).toEqual(['one']);
  });

  it('says when nothing can be drawn at all', async () => {
    drawing = new DrawingProcess(program);
    await expect(draw('lack')).rejects.toThrow(CannotDrawError);
    drawing.close();
    drawing = new DrawingProcess(path.join(folder, 'missing.cjs'));
    await expect(draw('draw one')).rejects.toThrow(CannotDrawError);
  });
});
