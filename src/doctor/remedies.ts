import { type Lines } from './finding.js';

/** Lines that more than one check names. */

export const NO_COMPRESSION: Lines = {
  nginx: 'gzip_types text/css application/javascript application/json;  # no audio/*, video/*, no *',
  Apache: 'SetEnvIfNoCase Request_URI "\\.(?:mp4|m4[av]|mov|webm|mkv|mp3|aac|og[gv]|opus|flac|wav)$" no-gzip',
  Caddy: 'encode @text gzip  # with: @text path *.html *.css *.js *.json',
  Express: 'app.use(compression());  // its own filter leaves media alone; a filter of yours must, too',
  CloudFront: 'Compress objects automatically: No  # in the cache behaviour of media',
  Cloudflare: 'Cache-Control: no-transform  # sent by the origin; Cloudflare then leaves the bytes alone',
};

export const RANGES: Lines = {
  nginx: 'proxy_force_ranges on;  # where nginx passes on an answer that has none',
  Apache: 'Remove "Header unset Accept-Ranges", "RequestHeader unset Range" and "MaxRanges none".',
  Caddy: 'file_server  # it has ranges; templates, encode and respond have none',
  Express: 'res.sendFile(file)  # or express.static(folder); not createReadStream(file).pipe(res)',
  CloudFront: 'It passes ranges through where the origin answers them: mend the origin.',
  Cloudflare:
    'It answers ranges from its cache when the origin sends Content-Length and the file may be cached.',
};

export const CORS: Lines = {
  nginx: 'add_header Access-Control-Allow-Origin "*" always;',
  Apache: 'Header always set Access-Control-Allow-Origin "*"',
  Caddy: 'header Access-Control-Allow-Origin *',
  Express: "res.set('Access-Control-Allow-Origin', '*')  // or the package cors",
  S3: '[{"AllowedOrigins":["*"],"AllowedMethods":["GET","HEAD"],"ExposeHeaders":["Content-Range","ETag"]}]',
  CloudFront: 'Response headers policy: CORS-With-Preflight; origin request policy: CORS-S3Origin',
};
