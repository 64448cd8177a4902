import { Module } from '@nestjs/common';
import { Changes } from './changes.js';

/** What features that write build on. It has no routes of its own. */
@Module({ providers: [Changes], exports: [Changes] })
export class ChangesModule {}
