import { type Check, MOOT, type Observation } from '../check.js';
import { isTypeFor } from '../remote/type-families.js';
import { openRange } from '../requests.js';
import { quote } from '../wire/text.js';
import { inspected } from '../remote/inspect-remote.js';

export const contentType: Check = {
  code: 'content-type',
  severity: 'warning',
  affects: ['Safari', 'players'],
  async look(visit): Promise<Observation | undefined | typeof MOOT> {
    const result = await inspected(visit);
    const media = 'report' in result ? result.report : undefined;
    if (!media) return MOOT;
    const answer = await openRange(visit);
    const { type } = answer;
    if (type !== undefined && isTypeFor(type, media.mediaType)) return undefined;
    const nosniff = /\bnosniff\b/i.test(answer.field('x-content-type-options') ?? '');
    const wanted = media.mediaType;
    const extension = /\.([a-z0-9]{1,5})$/i.exec(visit.url.pathname)?.[1]?.toLowerCase() ?? media.container;
    return {
      seen: `Content-Type is ${type === undefined ? 'missing' : quote(type)}, the bytes are ${wanted}.`,
      breaks: `Safari and TVs go by the type and may refuse the file${nosniff ? '; nosniff tells browsers not to go by the bytes instead' : ''}.`,
      change: `Send Content-Type: ${wanted}.`,
      lines: {
        nginx: `types { ${wanted} ${extension}; }  # in that location, or in mime.types`,
        Apache: `AddType ${wanted} .${extension}`,
        Caddy: `header *.${extension} Content-Type ${wanted}`,
        Express: `res.type('${wanted}')`,
        S3: `aws s3 cp s3://BUCKET/KEY s3://BUCKET/KEY --metadata-directive REPLACE --content-type ${wanted}`,
        CloudFront: 'It passes on the type of the origin: mend it there, then invalidate the path.',
      },
    };
  },
};
