import { Injectable, type PipeTransform } from '@nestjs/common';
import { invalidQuery } from '../core/problem/index.js';

/** Of the longer side, in pixels. */
export const SIZES = [160, 320, 640, 1280] as const;
const USUAL = 320;

/** The query of a thumbnail. @throws ProblemError validation-failed for another size, and for what is not known */
@Injectable()
export class ThumbnailSizePipe implements PipeTransform<Record<string, unknown>, number> {
  transform({ size: given, ...others }: Record<string, unknown>): number {
    const errors = Object.keys(others).map((name) => ({ name, detail: 'there is no such parameter' }));
    const size = given === undefined ? USUAL : SIZES.find((one) => String(one) === given);
    if (size === undefined) errors.push({ name: 'size', detail: `size must be one of ${SIZES.join(', ')}` });
    if (size !== undefined && errors.length === 0) return size;
    throw invalidQuery(errors);
  }
}
