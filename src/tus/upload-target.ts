import { parseDigests, type Digests } from '../core/http/index.js';
import { objectKey, type ObjectKey } from '../core/path/index.js';
import { ProblemError } from '../core/problem/index.js';
import { CONFLICT_POLICIES, toConflictPolicy } from '../storage/conflict-policy.js';
import type { ConflictPolicy } from '../storage/storage-driver.js';
import { invalidField } from './invalid-field.js';

/** What is to become of an upload when it is complete. */
export interface UploadTarget {
  readonly key: ObjectKey;
  readonly onConflict: ConflictPolicy;
  /** Of the whole. */
  readonly digests: Digests;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads `Upload-Metadata`, pairs of a key and a value in base64. `path` is where the file goes, from the served folder;
 * or `filename` is its name and `folder` that of the folder. `onConflict` is `fail`, `rename` or `replace`, `digest`
 * what RFC 9530 calls a dictionary of digests: `sha-256=:...:`. Other keys are the client's own.
 * @throws ProblemError validation-failed; InvalidPathError
 */
export function readTarget(text: string): UploadTarget {
  const metadata = parse(text);
  const onConflict = toConflictPolicy(metadata.get('onConflict'));
  if (!onConflict) throw invalid(`onConflict must be one of ${CONFLICT_POLICIES.join(', ')}`);
  return { key: keyOf(metadata), onConflict, digests: digestsOf(metadata.get('digest')) };
}

function parse(text: string): Map<string, string> {
  const metadata = new Map<string, string>();
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [key = '', value = '', ...rest] = pair.trim().split(' ');
    if (rest.length > 0 || !/^[\x21-\x7e]+$/.test(key) || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
      throw invalid('must be pairs of a key, a space and a value in base64, with commas in between');
    if (metadata.has(key)) throw invalid(`${key} stands there twice`);
    metadata.set(key, decode(key, value));
  }
  return metadata;
}

function decode(key: string, base64: string): string {
  try {
    return utf8.decode(Buffer.from(base64, 'base64'));
  } catch {
    // What the server does not use may be anything.
    if (!['path', 'filename', 'folder', 'onConflict', 'digest'].includes(key)) return '';
    throw invalid(`${key} is no UTF-8`);
  }
}

function keyOf(metadata: ReadonlyMap<string, string>): ObjectKey {
  const path = metadata.get('path');
  if (path) return objectKey(path.replace(/^\//, '').split('/'));
  const name = metadata.get('filename');
  if (!name) throw invalid('must have path, the path that the file gets, or filename');
  const folder = (metadata.get('folder') ?? '').replace(/^\/|\/$/g, '');
  return objectKey([...(folder === '' ? [] : folder.split('/')), name]);
}

/** One that is known must be among them: nobody shall believe that their bytes are verified when they are not. */
function digestsOf(text: string | undefined): Digests {
  if (!text) return {};
  try {
    const digests = parseDigests('digest', text);
    if (Object.keys(digests).length > 0) return digests;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
  throw invalid('digest must be sha-256=:...: or sha-512=:...:, with the digest in base64');
}

function invalid(detail: string) {
  return invalidField('Upload-Metadata', detail);
}
