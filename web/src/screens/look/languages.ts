import type { LanguageFn } from 'highlight.js';
import { extensionOf } from '../../lib/paths.ts';

type Load = () => Promise<{ readonly default: LanguageFn }>;

/** The grammars there are, each loaded when a file needs it, and the extensions of their files. */
const GRAMMARS: Record<string, readonly [Load, ...string[]]> = {
  bash: [() => import('highlight.js/lib/languages/bash'), 'sh', 'bash', 'zsh', 'bashrc', 'profile'],
  c: [() => import('highlight.js/lib/languages/c'), 'c', 'h'],
  cpp: [() => import('highlight.js/lib/languages/cpp'), 'cpp', 'cc', 'cxx', 'hpp', 'hh', 'ino'],
  csharp: [() => import('highlight.js/lib/languages/csharp'), 'cs'],
  css: [() => import('highlight.js/lib/languages/css'), 'css'],
  diff: [() => import('highlight.js/lib/languages/diff'), 'diff', 'patch'],
  dockerfile: [() => import('highlight.js/lib/languages/dockerfile'), 'dockerfile'],
  go: [() => import('highlight.js/lib/languages/go'), 'go'],
  ini: [
    () => import('highlight.js/lib/languages/ini'),
    'ini',
    'toml',
    'cfg',
    'conf',
    'desktop',
    'service',
    'properties',
  ],
  java: [() => import('highlight.js/lib/languages/java'), 'java'],
  javascript: [() => import('highlight.js/lib/languages/javascript'), 'js', 'mjs', 'cjs', 'jsx'],
  json: [() => import('highlight.js/lib/languages/json'), 'json', 'jsonc', 'geojson', 'map', 'webmanifest'],
  kotlin: [() => import('highlight.js/lib/languages/kotlin'), 'kt', 'kts'],
  latex: [() => import('highlight.js/lib/languages/latex'), 'tex', 'sty', 'bib'],
  lua: [() => import('highlight.js/lib/languages/lua'), 'lua'],
  makefile: [() => import('highlight.js/lib/languages/makefile'), 'makefile', 'mk'],
  markdown: [() => import('highlight.js/lib/languages/markdown'), 'md', 'markdown'],
  perl: [() => import('highlight.js/lib/languages/perl'), 'pl', 'pm'],
  php: [() => import('highlight.js/lib/languages/php'), 'php'],
  powershell: [() => import('highlight.js/lib/languages/powershell'), 'ps1', 'psm1'],
  python: [() => import('highlight.js/lib/languages/python'), 'py', 'pyw'],
  r: [() => import('highlight.js/lib/languages/r'), 'r'],
  ruby: [() => import('highlight.js/lib/languages/ruby'), 'rb'],
  rust: [() => import('highlight.js/lib/languages/rust'), 'rs'],
  scss: [() => import('highlight.js/lib/languages/scss'), 'scss', 'sass', 'less'],
  sql: [() => import('highlight.js/lib/languages/sql'), 'sql'],
  swift: [() => import('highlight.js/lib/languages/swift'), 'swift'],
  typescript: [() => import('highlight.js/lib/languages/typescript'), 'ts', 'tsx', 'mts', 'cts'],
  vim: [() => import('highlight.js/lib/languages/vim'), 'vim', 'vimrc'],
  xml: [
    () => import('highlight.js/lib/languages/xml'),
    'xml',
    'html',
    'htm',
    'xhtml',
    'svg',
    'svelte',
    'vue',
    'plist',
    'rss',
    'ttml',
  ],
  yaml: [() => import('highlight.js/lib/languages/yaml'), 'yaml', 'yml'],
};

const BY_EXTENSION = new Map(
  Object.entries(GRAMMARS).flatMap(([name, [load, ...extensions]]) =>
    extensions.map((extension) => [extension, { name, load }] as const),
  ),
);

/** The grammar of a file by its name; undefined where there is none. `Makefile` and `.bashrc` are names, not extensions. */
export function grammarOf(fileName: string): { readonly name: string; readonly load: Load } | undefined {
  return BY_EXTENSION.get(extensionOf(fileName) || fileName.toLowerCase().replace(/^\./, ''));
}
