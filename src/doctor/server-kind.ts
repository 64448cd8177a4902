import { type ServerKind } from './finding.js';
import { type Answer } from './wire/answer.js';

const SIGNS: readonly [ServerKind, (answer: Answer) => boolean][] = [
  ['Cloudflare', (answer) => has(answer, 'server', /cloudflare/i) || has(answer, 'cf-ray', /./)],
  ['CloudFront', (answer) => has(answer, 'via', /cloudfront/i) || has(answer, 'x-amz-cf-id', /./)],
  ['nginx', (answer) => has(answer, 'server', /nginx|openresty|tengine/i)],
  ['Apache', (answer) => has(answer, 'server', /^apache\b/i)],
  ['Caddy', (answer) => has(answer, 'server', /\bcaddy\b/i) || has(answer, 'via', /\bcaddy\b/i)],
  ['S3', (answer) => has(answer, 'server', /AmazonS3/i) || has(answer, 'x-amz-request-id', /./)],
  ['Express', (answer) => has(answer, 'x-powered-by', /express/i)],
];

/** The servers and networks that an answer came through, as far as its header tells, what stands in front first. */
export function recognise(answer: Answer): ServerKind[] {
  return SIGNS.filter(([, shows]) => shows(answer)).map(([kind]) => kind);
}

/** Every server for which lines are known. */
export const SERVER_KINDS = SIGNS.map(([kind]) => kind);

function has(answer: Answer, name: string, pattern: RegExp): boolean {
  return pattern.test(answer.field(name) ?? '');
}
