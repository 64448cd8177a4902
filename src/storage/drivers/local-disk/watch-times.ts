/** The pace of a watch, in milliseconds. */
export interface WatchTimes {
  /** From the first sign of a change to the look at it: making a file is one change, not three. */
  readonly settle: number;
  /** Between two changes that are told of one file. */
  readonly calm: number;
  /** Between two looks at the place itself: nothing tells that a folder above it was moved. */
  readonly check: number;
}

export const WATCH_TIMES: WatchTimes = { settle: 100, calm: 1000, check: 5000 };
