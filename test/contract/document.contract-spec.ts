import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../../src/core/problem/index.js';
import {
  contract,
  deref,
  DOCUMENT_FILE,
  type ResponseObject,
  type Responses,
  type Schema,
} from '../support/contract-document.js';
import { faultsOf } from '../support/contract-schema.js';

interface Place {
  readonly where: string;
  readonly node: Readonly<Record<string, unknown>>;
}

/** Every object of the document, with the path that leads to it. References are not followed. */
function placesIn(node: unknown, where = ''): Place[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.entries(node).flatMap(([key, value]) => placesIn(value, `${where}/${key}`));
  return Array.isArray(node) ? below : [{ where, node: node as Place['node'] }, ...below];
}

const places = placesIn(contract);

describe('openapi.yaml', () => {
  it('lints clean', () => {
    const folder = path.dirname(DOCUMENT_FILE);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(folder, 'node_modules/@redocly/cli/bin/cli.js'), 'lint', '--format=stylish'],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    );
    expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' });
  }, 60_000);

  it('has every problem of the catalogue, with its status and title, and no other', () => {
    const declared = places.flatMap(({ node }) => {
      const { type, status, title } = (node.properties ?? {}) as Record<string, { const?: unknown }>;
      const isProblem = String(type?.const).startsWith('/problems/');
      return isProblem ? [`${String(status?.const)} ${String(type?.const)}: ${String(title?.const)}`] : [];
    });
    const known = Object.entries(CATALOGUE).map(
      ([slug, { status, title }]) => `${status} /problems/${slug}: ${title}`,
    );
    expect([...new Set(declared)].sort()).toEqual(known.sort());
  });

  it('declares each problem under its own status', () => {
    const responses = places
      .map(({ node }) => node)
      .filter((node) => Object.keys(node).some((key) => /^[1-5]\d\d$/.test(key))) as unknown as Responses[];
    const wrong = responses.flatMap((statuses) =>
      Object.entries(statuses).flatMap(([status, response]) =>
        examplesOf(deref<ResponseObject>(response))
          .filter((example) => 'type' in example && String(example.status) !== status)
          .map((example) => `${String(example.type)} under ${status}`),
      ),
    );
    expect(responses.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });

  it('has an example of every problem', () => {
    const shown = places.map(({ node }) => (node.value as { type?: unknown } | undefined)?.type);
    const missing = Object.keys(CATALOGUE).filter((slug) => !shown.includes(`/problems/${slug}`));
    expect(missing).toEqual([]);
  });

  it('has examples that fit their schemas', () => {
    const examples = places.flatMap(({ where, node }) => {
      // A schema has a list of examples, everything else has them by name.
      if (Array.isArray(node.examples))
        return (node.examples as unknown[]).map((value) => ({ where, value, schema: node }));
      if (!node.schema) return [];
      const named = Object.values((node.examples ?? {}) as Record<string, { value: unknown }>);
      const values = [...named.map(({ value }) => value), ...('example' in node ? [node.example] : [])];
      return values.map((value) => ({ where, value, schema: node.schema as Schema }));
    });
    const wrong = examples.flatMap(({ where, value, schema }) =>
      faultsOf(value, schema).map((fault) => `${where}: ${JSON.stringify(value)}: ${fault}`),
    );
    expect(examples.length).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  });
});

function examplesOf({ content = {} }: ResponseObject): Record<string, unknown>[] {
  return Object.values(content)
    .flatMap(({ examples = {} }) => Object.values(examples))
    .flatMap(({ value }) =>
      typeof value === 'object' && value !== null ? [value as Record<string, unknown>] : [],
    );
}
