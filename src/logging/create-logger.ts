import pino from 'pino';
import pretty from 'pino-pretty';
import type { AppConfig } from '../config/app-config.js';

const STDERR = 2;

/** The one logger of the process. It writes to standard error: standard output belongs to the start-up message. */
export function createLogger({
  logLevel,
  logFormat,
}: Pick<AppConfig, 'logLevel' | 'logFormat'>): pino.Logger {
  const isPretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stderr.isTTY);
  const options = { level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!isPretty) return pino(options, pino.destination({ dest: STDERR, sync: true }));
  const destination = pretty({
    destination: STDERR,
    sync: true,
    // Asks NO_COLOR, FORCE_COLOR and TERM too.
    colorize: process.stderr.isTTY && process.stderr.hasColors(),
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'reqId,method,path,status,range,sentBytes,client,context,responseTime',
  });
  return pino(options, destination);
}
