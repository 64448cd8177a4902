import { Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance, Transform } from 'class-transformer';
import { ArrayMaxSize, IsNotEmpty, IsString, validateSync } from 'class-validator';
import { invalidQuery } from '../core/problem/index.js';
import { RequestedPathPipe, type RequestedPath } from '../files/requested-path.pipe.js';

/** Entries that one request may name. */
const MOST_NAMED = 500;

class ArchiveQuery {
  @Transform(({ value }: { value: unknown }) => [value].flat())
  @ArrayMaxSize(MOST_NAMED)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  readonly entry: readonly string[] = [];
}

/**
 * What a request picks out of the folder: paths below it, none twice and none within another. Empty means everything.
 * @throws ProblemError validation-failed with one member of `errors` for each parameter that is wrong or unknown;
 * InvalidPathError for an entry that cannot name anything
 */
@Injectable()
export class ArchiveQueryPipe implements PipeTransform<Record<string, unknown>, readonly RequestedPath[]> {
  readonly #paths = new RequestedPathPipe();

  transform(value: Record<string, unknown>): readonly RequestedPath[] {
    const query = plainToInstance(ArchiveQuery, { ...value });
    const errors = validateSync(query, { whitelist: true, forbidNonWhitelisted: true }).map(
      ({ property, constraints = {} }) => ({ name: property, detail: Object.values(constraints).join('; ') }),
    );
    if (errors.length > 0) {
      throw invalidQuery(errors);
    }
    return withoutRepeats(query.entry.map((entry) => this.#paths.transform(entry.split('/'))));
  }
}

function withoutRepeats(paths: readonly RequestedPath[]): RequestedPath[] {
  const named = new Map(paths.map((path) => [path.key as string, path]));
  return [...named.values()].filter(({ key }) => {
    const above = key.split('/').slice(0, -1);
    return !above.some((_, index) => named.has(above.slice(0, index + 1).join('/')));
  });
}
