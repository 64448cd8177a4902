/** Characters that break lines or turn the text around them: control characters of Unicode and its bidirectional algorithm. */
const HIDDEN = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * A name as people may see it: what would break a line, or turn the text around it, is shown as a sign of its own.
 * `a\nb` becomes `a↵b`, and a right-to-left override, by which `exe.jpg` may pass for another, becomes `�`.
 */
export function shownName(name: string): string {
  return name.replace(HIDDEN, (character) => {
    if (character === '\n' || character === '\r') return '↵';
    return character === '\t' ? ' ' : '�';
  });
}
