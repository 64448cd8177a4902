import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** What the tests need of OpenAPI 3.1, as types. */
export interface Reference {
  readonly $ref: string;
}
export type Schema = Readonly<Record<string, unknown>>;
export interface HeaderObject {
  readonly required?: boolean;
  readonly schema: Schema;
}
export interface MediaTypeObject {
  readonly schema?: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
export interface ResponseObject {
  readonly headers?: Readonly<Record<string, HeaderObject | Reference>>;
  readonly content?: Readonly<Record<string, MediaTypeObject>>;
}
export type Responses = Readonly<Record<string, ResponseObject | Reference>>;
export interface ParameterObject {
  readonly name: string;
  readonly in: string;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly 'x-multi-segment'?: boolean;
}
export interface Operation {
  readonly parameters?: readonly (ParameterObject | Reference)[];
  readonly responses: Responses;
  /** Missing on a server that nobody may write to. */
  readonly 'x-when-writable'?: boolean;
  /** Its problems are shown to browsers that navigate as pages. */
  readonly 'x-problem-pages'?: boolean;
}
export const METHODS = ['get', 'head', 'options', 'put', 'post', 'patch', 'delete', 'trace'] as const;
/** Operations by method, in small letters, and where they can be reached. */
export type PathItem = Readonly<Partial<Record<(typeof METHODS)[number], Operation>>> & {
  readonly servers?: readonly { readonly url: string }[];
};
export interface ContractDocument {
  readonly paths: Readonly<Record<string, PathItem>>;
  /** What is answered where no operation is declared; see the document. */
  readonly 'x-undeclared': Readonly<Record<'path' | 'options' | 'method' | 'any', Responses>>;
  /** The form that problems have as pages, whatever their status. */
  readonly 'x-problem-page': ResponseObject;
  readonly components: {
    readonly responses: Responses;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

/** The name the document goes by in its own references, so that any part of it can be used on its own. */
export const DOCUMENT_ID = 'openapi.yaml';
export const DOCUMENT_FILE = path.join(import.meta.dirname, '../..', DOCUMENT_ID);

export const contract = parse(readFileSync(DOCUMENT_FILE, 'utf8'), (key, value: unknown) =>
  key === '$ref' ? `${DOCUMENT_ID}${value as string}` : value,
) as ContractDocument;

/** The value itself, or what it refers to. */
export function deref<T extends object>(value: T | Reference): T {
  if (!('$ref' in value)) return value;
  const pointer = value.$ref.slice(value.$ref.indexOf('#/') + 2);
  const target = pointer
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], contract);
  if (target === undefined) throw new Error(`${DOCUMENT_ID} refers to nothing: ${pointer}`);
  return deref(target as T | Reference);
}

/** The operation of a method, which is written as in a request. */
export function operationOf(template: string, method: string): Operation | undefined {
  return contract.paths[template]?.[method.toLowerCase() as (typeof METHODS)[number]];
}

export function operationsOf(template: string): Operation[] {
  return METHODS.map((method) => operationOf(template, method)).filter(
    (operation) => operation !== undefined,
  );
}

/** The methods that are declared on a path, in capitals. */
export function methodsOf(template: string): string[] {
  const item = contract.paths[template] ?? {};
  return METHODS.filter((method) => method in item).map((method) => method.toUpperCase());
}

/** The methods that a path allows: those declared, and OPTIONS, which every path answers. By a link one can only read. */
export function allowedMethodsOf(template: string, { isReadOnly = false, isByLink = false } = {}): string[] {
  const methods = methodsOf(template).filter((method) => {
    if (isByLink) return method === 'GET' || method === 'HEAD';
    return !(isReadOnly && operationOf(template, method)?.['x-when-writable']);
  });
  return [...new Set([...methods, 'OPTIONS'])].sort();
}
