import { Injectable } from '@nestjs/common';
import { Logger, PinoLogger } from 'nestjs-pino';

/** Who reports each module and route at start-up: of interest when developing, noise when serving. */
const START_UP = new Set([
  'NestFactory',
  'NestApplication',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

/** The logger Nest logs to, with its start-up chatter at debug. */
@Injectable()
export class NestLogger extends Logger {
  constructor(logger: PinoLogger) {
    super(logger, {});
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (START_UP.has(String(rest.at(-1)))) super.debug(message, ...(rest as []));
    else super.log(message, ...(rest as []));
  }
}
