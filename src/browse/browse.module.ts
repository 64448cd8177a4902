import { Module } from '@nestjs/common';
import { EntriesController } from './entries.controller.js';
import { ListingService } from './listing.service.js';

@Module({ controllers: [EntriesController], providers: [ListingService] })
export class BrowseModule {}
