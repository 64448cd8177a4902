// The elements of Media Chrome that the player is made of; each defines itself.
import 'media-chrome/media-controller';
import 'media-chrome/media-airplay-button';
import 'media-chrome/media-fullscreen-button';
import 'media-chrome/media-loading-indicator';
import 'media-chrome/media-mute-button';
import 'media-chrome/media-pip-button';
import 'media-chrome/media-play-button';
import 'media-chrome/media-time-display';
import 'media-chrome/media-time-range';
import 'media-chrome/media-volume-range';
import 'media-chrome/lang/zh-CN';
