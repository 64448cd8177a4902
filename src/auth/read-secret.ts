import type { ReadStream } from 'node:tty';

/** Bytes of a line that are read; nobody's password is longer. */
const LIMIT = 4096;

const INTERRUPT = '\u0003';
const END = '\u0004';
const BACKSPACE = new Set(['\u0008', '\u007f']);

/**
 * One line of the input without its end. A terminal shows the prompt and nothing of what is typed; backspace takes
 * the last character back. Undefined when the line is empty, too long, or broken off.
 */
export async function readSecret(
  input: ReadStream,
  prompts: NodeJS.WritableStream,
  prompt: string,
): Promise<string | undefined> {
  if (!input.isTTY) return readLine(input);
  // First: who types before the prompt is there is not to be seen either.
  input.setRawMode(true);
  try {
    prompts.write(prompt);
    return await readTyped(input);
  } finally {
    input.setRawMode(false);
    input.pause();
    prompts.write('\n');
  }
}

async function readLine(input: NodeJS.ReadableStream): Promise<string | undefined> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of input) {
    bytes = Buffer.concat([bytes, Buffer.from(chunk as Buffer)]);
    if (bytes.length > LIMIT || bytes.includes('\n')) break;
  }
  const line = bytes.toString().split(/\r?\n/, 1)[0]!;
  return line === '' || bytes.length > LIMIT ? undefined : line;
}

function readTyped(input: ReadStream): Promise<string | undefined> {
  const typed: string[] = [];
  return new Promise((resolve) => {
    const finish = (text: string | undefined) => {
      input.off('data', read);
      input.off('end', end);
      resolve(text === '' ? undefined : text);
    };
    const end = () => finish(undefined);
    const read = (text: string) => {
      for (const character of text) {
        if (character === '\r' || character === '\n') return finish(typed.join(''));
        if (character === INTERRUPT || character === END || typed.length > LIMIT) return finish(undefined);
        if (BACKSPACE.has(character)) typed.pop();
        else typed.push(character);
      }
    };
    input.setEncoding('utf8');
    input.on('data', read);
    input.once('end', end);
    input.resume();
  });
}
