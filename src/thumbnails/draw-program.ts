// A program of its own, which `DrawingProcess` starts: what a picture does to a decoder, it does to this process alone, and the
// memory that it took goes with it. It draws what comes on its standard input, picture after picture, until that ends.
import { draw, loadSharp } from './draw.js';
import { ANSWER_HEADER, FrameReader, OUTCOME, REQUEST_HEADER } from './drawing-frames.js';

const input = new FrameReader(process.stdin);
const library = loadSharp().catch((error: Error) => error);

for (;;) {
  const header = await input.take(REQUEST_HEADER);
  const bytes = header && (await input.take(header.readUInt32BE(4)));
  if (!bytes) break;
  const sharp = await library;
  if (sharp instanceof Error) answer(OUTCOME.noLibrary, Buffer.from(sharp.message));
  else
    await draw(sharp, bytes, header.readUInt32BE(0)).then(
      (picture) => answer(OUTCOME.drawn, picture),
      (error: Error) => answer(OUTCOME.unusable, Buffer.from(error.message)),
    );
}

function answer(outcome: number, payload: Uint8Array): void {
  const header = Buffer.alloc(ANSWER_HEADER);
  header.writeUInt8(outcome, 0);
  header.writeUInt32BE(payload.length, 1);
  process.stdout.write(header);
  process.stdout.write(payload);
}
