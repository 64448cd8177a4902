import { Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance, Transform } from 'class-transformer';
import { IsBoolean, validateSync } from 'class-validator';
import { invalidMembers } from './invalid-members.js';

/** The query of a playlist. */
export class PlaylistQuery {
  /** Whether what is in folders below belongs to it. */
  @Transform(({ value }: { value: unknown }) => TRUTH[String(value)] ?? value)
  @IsBoolean()
  readonly recursive: boolean = false;
}

const TRUTH: Readonly<Record<string, boolean>> = { '': true, true: true, 1: true, false: false, 0: false };

/** @throws ProblemError validation-failed with one member of `errors` for each parameter that is wrong or unknown. */
@Injectable()
export class PlaylistQueryPipe implements PipeTransform<Record<string, unknown>, PlaylistQuery> {
  transform(value: Record<string, unknown>): PlaylistQuery {
    const query = plainToInstance(PlaylistQuery, { ...value });
    const errors = validateSync(query, { whitelist: true, forbidNonWhitelisted: true });
    if (errors.length === 0) return query;
    throw invalidMembers('Some parameters of the query are wrong; `errors` says which and why.', errors);
  }
}
