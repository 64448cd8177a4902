import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessControl } from './access-control.js';
import { Accounts } from './accounts.js';
import { Attempts } from './attempts.js';
import { Audit } from './audit.js';
import { AuthGuard } from './auth.guard.js';
import { Authenticator } from './authenticator.js';
import { Clients } from './clients.js';
import { Logins } from './logins.js';
import { MemorySessionStore } from './memory-session-store.js';
import { SessionController } from './session.controller.js';
import { SESSION_STORE } from './session-store.js';
import { Sessions } from './sessions.js';

/** Who asks, and whether they may. Every feature may ask for `AccessControl` and `Audit`. */
@Global()
@Module({
  controllers: [SessionController],
  providers: [
    Accounts,
    Attempts,
    Clients,
    Audit,
    Logins,
    Sessions,
    { provide: SESSION_STORE, useClass: MemorySessionStore },
    Authenticator,
    AccessControl,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [AccessControl, Audit, Clients],
})
export class AuthModule {}
