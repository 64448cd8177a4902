import { contract, deref, operationsOf, type ParameterObject } from './contract-document.js';

interface Template {
  readonly template: string;
  readonly pattern: RegExp;
  /** Characters outside of parameters: the more, the better the match. */
  readonly literal: number;
}

const templates: readonly Template[] = Object.keys(contract.paths)
  .map(compile)
  .sort((a, b) => b.literal - a.literal);

/**
 * The path of the document that a request target belongs to. Paths are compared as they are sent, percent-encoding
 * and all; a slash at the end counts for nothing outside of a parameter.
 */
export function templateFor(target: string): string | undefined {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0]!;
  const template = templates.find(({ pattern }) => pattern.test(path.replace(LINK, '') || '/'))?.template;
  return template !== undefined && isByLink(path) && !isOpenedByLinks(template) ? undefined : template;
}

const LINK = /^\/l\/[^/?#]*(?=[/?#]|$)/;

/** Whether a request target goes by a link. */
export function isByLink(target: string): boolean {
  return LINK.test(target);
}

/** Whether a path of the document has a server that is a link, and so can be reached by one. */
export function isOpenedByLinks(template: string): boolean {
  return (contract.paths[template]?.servers ?? []).some(({ url }) => url === '/l/{link}');
}

/** The parameters in a path, by name. */
export function pathParametersOf(template: string): ReadonlyMap<string, ParameterObject> {
  const parameters = operationsOf(template)
    .flatMap((operation) => operation.parameters ?? [])
    .map((parameter) => deref<ParameterObject>(parameter))
    .filter((parameter) => parameter.in === 'path');
  return new Map(parameters.map((parameter) => [parameter.name, parameter]));
}

/** A path with its parameters set to the examples in the document. */
export function examplePath(template: string): string {
  const parameters = pathParametersOf(template);
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const { example, examples } = parameters.get(name)!;
    const value = example ?? Object.values(examples ?? {})[0]?.value;
    return String(value).split('/').map(encodeURIComponent).join('/');
  });
}

function compile(template: string): Template {
  const parameters = pathParametersOf(template);
  const parts = template.split(/\{(\w+)\}/); // literal text and parameter names in turn
  const pattern = parts.map((part, index) => {
    if (index % 2 === 0) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
    return parameters.get(part)?.['x-multi-segment'] ? '.+' : '[^/]+';
  });
  return {
    template,
    pattern: new RegExp(`^${pattern.join('')}/?$`),
    literal: parts.filter((_, index) => index % 2 === 0).join('').length,
  };
}
