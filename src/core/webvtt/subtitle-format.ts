/** Forms of subtitles that can be told in WebVTT: SubRip, WebVTT itself, SubStation Alpha of both kinds. */
export type SubtitleFormat = 'srt' | 'vtt' | 'ass';

const FORMATS: Readonly<Record<string, SubtitleFormat>> = { srt: 'srt', vtt: 'vtt', ass: 'ass', ssa: 'ass' };

/** The form of a file by its name; undefined for what is no such file. */
export function subtitleFormatOf(fileName: string): SubtitleFormat | undefined {
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
}
