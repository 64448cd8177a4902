import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * Which folders of src/ each folder may import from. One direction: what stands below never knows what stands above.
 * The core's folders import from each other as listed under CORE, and from nothing else in the house.
 */
const CORE = {
  bytes: [],
  cache: [],
  forwarded: [],
  password: [],
  path: [],
  events: ['path'],
  picture: [],
  problem: [],
  access: ['path'],
  link: ['path'],
  http: ['bytes', 'path', 'problem'],
  isobmff: ['bytes'],
  multipart: [],
  adts: ['isobmff'],
  flac: ['isobmff'],
  hls: ['isobmff'],
  matroska: ['bytes', 'isobmff'],
  mpegaudio: ['bytes'],
  mpegts: ['adts', 'isobmff'],
  ogg: ['flac', 'isobmff'],
  riff: ['bytes'],
  webvtt: [],
  zip: ['bytes'],
  media: ['adts', 'bytes', 'flac', 'hls', 'isobmff', 'matroska', 'mpegaudio', 'mpegts', 'ogg', 'riff'],
  repairs: ['bytes', 'isobmff', 'matroska', 'media', 'mpegaudio', 'riff'],
  playability: ['media', 'repairs'],
};
const HOUSE = {
  config: [],
  logging: ['config'],
  'storage/drivers': ['storage'],
  storage: ['config', 'storage/drivers'],
  auth: ['config', 'logging', 'storage'],
  problem: ['auth', 'logging', 'storage'],
  server: ['config', 'logging', 'problem'],
  files: ['auth', 'logging', 'problem', 'storage', 'storage/drivers'],
  health: ['auth', 'storage'],
  browse: ['auth', 'config', 'files', 'storage'],
  archives: ['auth', 'files', 'logging', 'problem', 'storage'],
  events: ['auth', 'config', 'files', 'server', 'storage'],
  changes: ['auth', 'events', 'files', 'storage'],
  uploads: ['auth', 'changes', 'config', 'files', 'problem', 'storage'],
  tus: ['auth', 'changes', 'config', 'files', 'storage', 'storage/drivers'],
  trash: ['auth', 'browse', 'changes', 'config', 'files', 'storage'],
  entries: ['auth', 'browse', 'changes', 'files', 'problem', 'storage', 'trash'],
  metrics: ['auth', 'config'],
  media: ['auth', 'files', 'metrics', 'storage', 'storage/drivers'],
  stream: ['auth', 'files', 'media', 'problem'],
  subtitles: ['auth', 'browse', 'files', 'problem', 'storage'],
  thumbnails: ['auth', 'changes', 'config', 'files', 'media', 'storage'],
  links: ['auth', 'browse', 'config', 'files', 'media', 'storage'],
  docs: ['auth', 'files', 'storage', 'storage/drivers'],
  pages: ['auth', 'browse', 'files', 'links', 'media', 'problem', 'storage'],
  doctor: [],
  optimize: ['media', 'storage', 'storage/drivers'],
  optimizations: ['auth', 'changes', 'config', 'events', 'files', 'logging', 'media', 'optimize', 'storage'],
};

const FRAMEWORKS = [
  '@nestjs/*',
  'express',
  'rxjs',
  'rxjs/*',
  'class-validator',
  'class-transformer',
  'nestjs-pino',
  'pino',
];
const BARREL = {
  regex: '/core/[a-z]+/(?!index\\.js$)',
  message: 'A folder of the core is imported through its index.js.',
};
const CONTROLLER = {
  regex: '^\\.\\./.*\\.controller\\.js$',
  message: "A feature never uses another feature's controller.",
};

const coreRules = Object.entries(CORE).map(([folder, allowed]) => {
  const forbidden = Object.keys(CORE).filter((other) => other !== folder && !allowed.includes(other));
  return restrict(`src/core/${folder}/**/*.ts`, [
    { group: FRAMEWORKS, message: 'The core knows no framework.' },
    { regex: '^\\.\\./\\.\\./', message: 'The core imports nothing from above it.' },
    { regex: '^\\.\\./[a-z]+/(?!index\\.js$)', message: BARREL.message },
    ...(forbidden.length > 0
      ? [{ regex: `^\\.\\./(?:${forbidden.join('|')})/`, message: 'Against the direction of imports.' }]
      : []),
  ]);
});

const houseRules = Object.entries(HOUSE).map(([folder, allowed]) => {
  const forbidden = Object.keys(HOUSE).filter((other) => other !== folder && !allowed.includes(other));
  const within = folder === 'storage' ? 'src/storage/*.ts' : `src/${folder}/**/*.ts`;
  return restrict(within, [
    BARREL,
    CONTROLLER,
    {
      regex: `^(?:\\.\\./)+(?:${forbidden.map((name) => (name === 'storage' ? 'storage/(?!drivers/)' : `${name}/`)).join('|')})`,
      message: 'Against the direction of imports; see ARCHITECTURE.md.',
    },
    { regex: '^(?:\\.\\./)+(?:app\\.|main\\.|cli\\.)', message: 'Nothing imports the wiring.' },
  ]);
});

function restrict(files, patterns) {
  return {
    files: [files],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/', 'coverage/', 'samples/', 'web/src/api/schema.d.ts']),
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/**', '**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings come from AppConfig.' },
      ],
      'no-console': 'error',
    },
  },
  svelte.configs.recommended,
  {
    files: ['web/**/*.svelte', 'web/**/*.ts'],
    languageOptions: { globals: globals.browser },
    rules: { 'no-console': 'error' },
  },
  {
    files: ['web/**/*.svelte', 'web/**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // A parent's props are typed where they are given; `let` of runes is assigned by the template.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      'svelte/no-navigation-without-resolve': 'off',
      // Not every Map and URL is shown.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  ...coreRules,
  ...houseRules,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        setTimeout: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        fetch: 'readonly',
        WebSocket: 'readonly',
      },
    },
  },
);
