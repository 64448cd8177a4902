import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AppConfig } from '../config/app-config.js';
import { STATE_FOLDERS, type StateFolders } from '../storage/state-folders.js';
import { AccessControl } from './access-control.js';
import { Accounts } from './accounts.js';
import { Attempts } from './attempts.js';
import { Audit } from './audit.js';
import { AuthGuard } from './auth.guard.js';
import { Authenticator } from './authenticator.js';
import { Clients } from './clients.js';
import { DiskSessionStore } from './disk-session-store.js';
import { mayBeChanged } from './everybody.js';
import { Logins } from './logins.js';
import { MemorySessionStore } from './memory-session-store.js';
import { SessionController } from './session.controller.js';
import { SESSION_STORE, type SessionStore } from './session-store.js';
import { Sessions } from './sessions.js';

/**
 * Kept on disk where the server has a state folder: one that nothing may be changed on leaves what it serves untouched,
 * unless it was given a folder of its own.
 */
async function sessionStore(config: AppConfig, folders: StateFolders): Promise<SessionStore> {
  const hasState = config.stateDir !== null || mayBeChanged(config);
  if (config.users.length === 0 || !hasState) return new MemorySessionStore();
  return DiskSessionStore.open(folders, new Set(config.users.map(({ name }) => name)));
}

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
    { provide: SESSION_STORE, inject: [AppConfig, STATE_FOLDERS], useFactory: sessionStore },
    Authenticator,
    AccessControl,
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [AccessControl, Accounts, Audit, Clients],
})
export class AuthModule {}
