import { Injectable, type PipeTransform } from '@nestjs/common';
import { requestedPath, type RequestedPath } from '../core/path/index.js';

export type { RequestedPath } from '../core/path/index.js';

/**
 * Turns the decoded segments of a wildcard route into a key.
 * @throws InvalidPathError
 */
@Injectable()
export class RequestedPathPipe implements PipeTransform<string[] | undefined, RequestedPath> {
  transform(segments?: string[]): RequestedPath {
    return requestedPath(segments);
  }
}
