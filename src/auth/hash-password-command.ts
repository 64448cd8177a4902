import type { ReadStream } from 'node:tty';
import { formatScryptHash, PasswordHasher } from '../core/password/index.js';
import { readSecret } from './read-secret.js';

const USAGE = 2;

/**
 * `playhead hash-password`: asks twice on a terminal without showing what is typed, otherwise takes the first line of
 * the input. Resolves to the exit code.
 */
export async function hashPasswordCommand(
  input: ReadStream,
  messages: NodeJS.WritableStream,
  write: (text: string) => void,
): Promise<number> {
  const refuse = (message: string) => {
    messages.write(`playhead: ${message}\n`);
    return USAGE;
  };
  const password = await readSecret(input, messages, 'Password: ');
  if (password === undefined) return refuse('no password was given');
  if (input.isTTY && (await readSecret(input, messages, 'Once more: ')) !== password)
    return refuse('the two passwords differ; try again');
  write(`${formatScryptHash(await new PasswordHasher().hash(password))}\n`);
  return 0;
}
