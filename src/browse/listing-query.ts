import { Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance, Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  validateSync,
} from 'class-validator';
import { invalidQuery } from '../core/problem/index.js';
import { ORDERS, SORT_FIELDS } from './entry-order.js';

const DEFAULT_LIMIT = 200;

/** Implicit conversion would read the text "false" as true and an empty one as 0. */
const toNumber = ({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
const toTruth = ({ value }: { value: unknown }) =>
  value === '' || value === 'true' || value === '1'
    ? true
    : value === 'false' || value === '0'
      ? false
      : value;

/** The query of a listing. */
export class ListingQuery {
  @IsOptional()
  @IsIn(SORT_FIELDS)
  readonly sort?: (typeof SORT_FIELDS)[number];

  @IsOptional()
  @IsIn(ORDERS)
  readonly order?: (typeof ORDERS)[number];

  /** Only names that contain this, without regard to letter case and accents. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  readonly q?: string;

  /** Whether names with a leading dot are listed, where the server serves them at all. */
  @IsOptional()
  @Transform(toTruth)
  @IsBoolean()
  readonly hidden?: boolean;

  /** Entries in a page. */
  @Transform(toNumber)
  @IsInt()
  @Min(1)
  @Max(1000)
  readonly limit: number = DEFAULT_LIMIT;

  /** Index of the first entry of the page, from 0. */
  @IsOptional()
  @Transform(toNumber)
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  readonly offset?: number;

  @IsOptional()
  @IsString()
  @MaxLength(4096)
  readonly cursor?: string;
}

/** @throws ProblemError validation-failed with one member of `errors` for each parameter that is wrong or unknown. */
@Injectable()
export class ListingQueryPipe implements PipeTransform<Record<string, unknown>, ListingQuery> {
  transform(value: Record<string, unknown>): ListingQuery {
    const query = plainToInstance(ListingQuery, { ...value });
    const errors = validateSync(query, { whitelist: true, forbidNonWhitelisted: true }).map(
      ({ property, constraints = {} }) => ({ name: property, detail: Object.values(constraints).join('; ') }),
    );
    if (query.offset !== undefined && query.cursor !== undefined)
      errors.push({
        name: 'offset',
        detail: 'a page begins at an offset or behind a cursor; leave out one of them',
      });
    if (errors.length === 0) return query;
    throw invalidQuery(errors);
  }
}
