/** What can be asked of a listing that is shown. */
export interface ListingHandle {
  readonly selectAll: () => void;
  /** Gives the focus to where it was last. */
  readonly focusActive: () => void;
  /** Brings an entry into sight, and the focus to it. */
  readonly focusEntry: (name: string) => void;
  /**
   * Fetches anew what is seen; what one looks at stays where it is.
   * @param renamed new names of entries by their old ones
   */
  readonly refresh: (renamed?: ReadonlyMap<string, string>) => Promise<void>;
}
