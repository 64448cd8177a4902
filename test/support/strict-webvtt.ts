/** A cue as {@link readStrictly} finds it. */
export interface StrictCue {
  /** Milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly settings: string;
  readonly text: string;
}

const TIMES = /^(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})(?: (\S.*))?$/;
const SETTING =
  /^(?:vertical:(?:rl|lr)|line:(?:-?\d+|[\d.]+%)(?:,(?:start|center|end))?|position:[\d.]+%(?:,(?:line-left|center|line-right))?|size:[\d.]+%|align:(?:start|center|end|left|right))$/;
const REFERENCE = /^&(?:\w+|#\d+|#x[\da-f]+);/i;
const TAG = /^<(\/?)(i|b|u|ruby|rt)>/;

/**
 * Reads WebVTT as an author must write it (W3C WebVTT §4.1 and §4.2), without the forbearance of browsers.
 * @throws where it is not so
 */
export function readStrictly(text: string): StrictCue[] {
  if (!text.isWellFormed() || text.includes('\0') || text.includes('\r')) throw new Error('no WebVTT text');
  const [header, ...blocks] = text.replace(/\n+$/, '').split(/\n{2,}/);
  if (header !== 'WEBVTT') throw new Error(`header ${JSON.stringify(header)}`);
  let last = 0;
  return blocks.map((block) => {
    const [line, ...lines] = block.split('\n');
    const parts = TIMES.exec(line!);
    if (!parts) throw new Error(`times ${JSON.stringify(line)}`);
    const time = (at: number) =>
      ((Number(parts[at]) * 60 + Number(parts[at + 1])) * 60 + Number(parts[at + 2])) * 1000 +
      Number(parts[at + 3]);
    const cue = { start: time(1), end: time(5), settings: parts[9] ?? '', text: lines.join('\n') };
    if (cue.end <= cue.start || cue.start < last) throw new Error(`order at ${line}`);
    last = cue.start;
    for (const setting of cue.settings.split(' ').filter(Boolean))
      if (!SETTING.test(setting)) throw new Error(`setting ${setting}`);
    if (cue.text === '') throw new Error(`nothing at ${line}`);
    checkText(cue.text);
    return cue;
  });
}

function checkText(text: string): void {
  const open: string[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '>') throw new Error(`> in ${text}`);
    if (text[at] === '&' && !REFERENCE.test(text.slice(at, at + 20))) throw new Error(`& in ${text}`);
    if (text[at] !== '<') continue;
    const tag = TAG.exec(text.slice(at, at + 10));
    if (!tag) throw new Error(`tag in ${text}`);
    if (tag[1] === '') open.push(tag[2]!);
    else if (open.pop() !== tag[2]) throw new Error(`nesting in ${text}`);
    at += tag[0].length - 1;
  }
  if (open.length > 0) throw new Error(`open tags in ${text}`);
}
