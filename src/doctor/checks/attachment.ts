import { type Check } from '../check.js';
import { openRange } from '../requests.js';

export const attachment: Check = {
  code: 'attachment',
  severity: 'info',
  affects: ['players'],
  lines: {
    nginx: 'add_header Content-Disposition inline;',
    Apache: 'Header set Content-Disposition inline',
    Caddy: 'header Content-Disposition inline',
    Express: 'res.sendFile(file)  // not res.download(file)',
    S3: 'aws s3 cp s3://BUCKET/KEY s3://BUCKET/KEY --metadata-directive REPLACE --content-disposition inline',
  },
  async look(visit) {
    const value = (await openRange(visit)).field('content-disposition');
    if (!/^\s*attachment\b/i.test(value ?? '')) return undefined;
    return {
      seen: 'Content-Disposition: attachment is sent with the media.',
      breaks: 'Media elements play it all the same; opened by its own URL it is saved, not played.',
      change: 'Send attachment only where a download is asked for.',
    };
  },
};
