import { Global, Module } from '@nestjs/common';
import { LINK_VERIFIER } from '../auth/link-verifier.js';
import { MediaModule } from '../media/media.module.js';
import { LinkKeyStore } from './link-key-store.js';
import { LinkRecords } from './link-records.js';
import { LinksController } from './links.controller.js';
import { Links } from './links.service.js';
import { OpenedLinkController } from './opened-link.controller.js';
import { PlaylistService } from './playlist.service.js';
import { PlaylistsController } from './playlists.controller.js';

/** Signed links, which the guard of every route knows, and playlists, which are made of them. */
@Global()
@Module({
  imports: [MediaModule],
  controllers: [LinksController, OpenedLinkController, PlaylistsController],
  providers: [
    LinkKeyStore,
    LinkRecords,
    Links,
    { provide: LINK_VERIFIER, useExisting: Links },
    PlaylistService,
  ],
  exports: [LINK_VERIFIER, Links],
})
export class LinksModule {}
