import { Injectable, type PipeTransform } from '@nestjs/common';
import { invalidQuery } from '../core/problem/index.js';
import { isDiscardedId } from '../storage/discarded-id.js';
import type { DiscardedId } from '../storage/storage-driver.js';

const DEFAULT_LIMIT = 200;
const MOST = 1000;

/** The query of the list of the trash. */
export interface TrashQuery {
  /** Entries in a page. */
  readonly limit: number;
  /** The id of the last entry of the page before, which need not be there any more. */
  readonly cursor?: DiscardedId;
}

/** @throws ProblemError validation-failed with one member of `errors` for each parameter that is wrong or unknown. */
@Injectable()
export class TrashQueryPipe implements PipeTransform<Record<string, unknown>, TrashQuery> {
  transform({ limit = String(DEFAULT_LIMIT), cursor, ...unknown }: Record<string, unknown>): TrashQuery {
    const errors = Object.keys(unknown).map((name) => ({
      name,
      detail: `property ${name} should not exist`,
    }));
    const count = typeof limit === 'string' && /^\d{1,4}$/.test(limit) ? Number(limit) : 0;
    if (count < 1 || count > MOST)
      errors.push({ name: 'limit', detail: `limit must be a number from 1 to ${MOST}` });
    const isCursor = typeof cursor === 'string' && isDiscardedId(cursor);
    if (cursor !== undefined && !isCursor)
      errors.push({ name: 'cursor', detail: 'take it from links.next, or leave it out' });
    if (errors.length === 0) return { limit: count, ...(isCursor && { cursor }) };
    throw invalidQuery(errors);
  }
}
