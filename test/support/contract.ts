import type { Reply } from './http-client.js';

export function assertContract(_method: string, _path: string, _reply: Pick<Reply, 'status' | 'headers' | 'body'>): void {}
