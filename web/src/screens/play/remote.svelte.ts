/** Playing on another device by the Remote Playback API, where the browser has that; Safari has AirPlay instead. */
export class Remote {
  /** Whether there is a device to choose. */
  available = $state(false);
  readonly #media: HTMLMediaElement;

  constructor(media: HTMLMediaElement) {
    this.#media = media;
  }

  /** Looks out for devices. @returns what ends that */
  watch(): () => void {
    const { remote } = this.#media as { remote?: RemotePlayback };
    if (!remote || 'WebKitPlaybackTargetAvailabilityEvent' in window) return () => undefined;
    remote
      .watchAvailability((available) => {
        this.available = available;
      })
      .catch(() => undefined);
    return () => void remote.cancelWatchAvailability().catch(() => undefined);
  }

  /** Lets somebody choose a device. */
  choose(): void {
    this.#media.remote.prompt().catch(() => undefined);
  }
}
