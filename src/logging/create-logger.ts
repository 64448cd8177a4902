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
    messageFormat: (line, key) => onOneLine(String(line[key])),
    ignore: 'reqId,method,path,status,range,sentBytes,client,context,responseTime',
  });
  return pino(options, destination);
}

/**
 * Names of files and people are anybody's: none begins a line of its own, moves the cursor, or turns the direction of the
 * text. JSON escapes the first by itself.
 */
function onOneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
