import { Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance, Transform } from 'class-transformer';
import { IsNumber, IsOptional, IsString, Max, MaxLength, Min, validateSync } from 'class-validator';
import { invalidQuery } from '../core/problem/index.js';

/** Seconds. */
const FARTHEST = 3600;

/** The query of a conversion. */
export class WebVttQuery {
  /** Seconds that every cue is shown later. */
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^[+-]?\d{1,4}(?:\.\d{1,6})?$/.test(value) ? Number(value) : value,
  )
  @IsNumber()
  @Min(-FARTHEST)
  @Max(FARTHEST)
  readonly offset: number = 0;

  /** Path of the subtitle file, where the path of the URL is that of the film it is listed for. */
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  readonly sidecar?: string;
}

/** @throws ProblemError validation-failed with one member of `errors` for each parameter that is wrong or unknown. */
@Injectable()
export class WebVttQueryPipe implements PipeTransform<Record<string, unknown>, WebVttQuery> {
  transform(value: Record<string, unknown>): WebVttQuery {
    const query = plainToInstance(WebVttQuery, { ...value });
    const errors = validateSync(query, { whitelist: true, forbidNonWhitelisted: true }).map(
      ({ property, constraints = {} }) => ({ name: property, detail: Object.values(constraints).join('; ') }),
    );
    if (errors.length === 0) return query;
    throw invalidQuery(errors);
  }
}
