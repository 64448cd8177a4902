import hljs from 'highlight.js/lib/core';
import { grammarOf } from './languages.ts';

/** Characters beyond which colours cost more time than they are worth. */
const MOST = 200_000;

/** A text with its parts marked, as HTML of `<span class>`; undefined for what has no grammar or is too long. */
export async function highlighted(text: string, fileName: string): Promise<string | undefined> {
  const grammar = text.length <= MOST ? grammarOf(fileName) : undefined;
  if (!grammar) return undefined;
  if (!hljs.getLanguage(grammar.name)) hljs.registerLanguage(grammar.name, (await grammar.load()).default);
  return hljs.highlight(text, { language: grammar.name, ignoreIllegals: true }).value;
}
