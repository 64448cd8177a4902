import http from 'node:http';
import https from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { assertContract } from './contract.js';

export interface Reply {
  readonly status: number;
  /** By lower-case name; fields sent several times are joined. */
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/**
 * Sends exactly what a test says, nothing added but Host, on a connection of its own, and holds every answer against
 * `openapi.yaml`. Of a stream of events it takes the first data.
 */
export class HttpClient {
  /** @param isSecure by TLS, with whatever certificate the server has */
  constructor(
    private readonly port: number,
    private readonly isSecure = false,
  ) {}

  get(path: string, headers: http.OutgoingHttpHeaders = {}): Promise<Reply> {
    return this.send(path, { headers });
  }

  head(path: string, headers: http.OutgoingHttpHeaders = {}): Promise<Reply> {
    return this.send(path, { method: 'HEAD', headers });
  }

  async send(path: string, { method = 'GET', headers = {}, body }: SendOptions = {}): Promise<Reply> {
    const reply = await new Promise<Reply>((resolve, reject) => {
      const { request: ask } = this.isSecure ? https : http;
      const request = ask(
        {
          host: '127.0.0.1',
          port: this.port,
          path,
          method,
          headers,
          agent: false,
          rejectUnauthorized: false,
        },
        (response) => {
          const chunks: Buffer[] = [];
          const isEndless = response.headers['content-type']?.startsWith('text/event-stream') ?? false;
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            if (!isEndless) return;
            resolve(toReply(response, Buffer.concat(chunks)));
            response.destroy();
          });
          response.once('error', reject);
          response.once('end', () => resolve(toReply(response, Buffer.concat(chunks))));
        },
      );
      request.once('error', reject);
      request.end(body);
    });
    assertContract(method, path, { status: reply.status, headers: reply.headers, body: contentOf(reply) });
    return reply;
  }
}

/** What the body is before it was compressed. */
export function contentOf({ headers, body }: Pick<Reply, 'headers' | 'body'>): Buffer {
  const decode = DECODERS[headers['content-encoding'] ?? ''];
  return decode && body.length > 0 ? decode(body) : body;
}

const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  deflate: inflateSync,
  gzip: gunzipSync,
};

function toReply({ statusCode, headers }: http.IncomingMessage, body: Buffer): Reply {
  return {
    status: statusCode!,
    headers,
    body,
    get text() {
      return body.toString();
    },
    get json() {
      return JSON.parse(body.toString()) as Record<string, unknown>;
    },
  };
}
