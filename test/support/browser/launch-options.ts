/** What a reader has set in the browser or its system, and pages find out. */
export interface LaunchOptions {
  /** BCP 47, such as `zh-CN`: what `navigator.language` says and `Accept-Language` asks for. */
  readonly language?: string;
  /** `prefers-color-scheme`. */
  readonly colorScheme?: 'light' | 'dark';
  /** `prefers-reduced-motion: reduce`. */
  readonly reducedMotion?: boolean;
}
