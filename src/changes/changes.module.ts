import { Module } from '@nestjs/common';
import { Changes } from './changes.js';
import { Recovery } from './recovery.js';

/** What features that write build on. It has no routes of its own. */
@Module({ providers: [Changes, Recovery], exports: [Changes] })
export class ChangesModule {}
