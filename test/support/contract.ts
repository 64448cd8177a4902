import {
  allowedMethodsOf,
  contract,
  deref,
  DOCUMENT_ID,
  operationOf,
  type ResponseObject,
  type Responses,
} from './contract-document.js';
import { isByLink, templateFor } from './contract-path.js';
import { bodyFaults, contentTypeFaults, headerFaults } from './contract-reply.js';
import type { Reply } from './http-client.js';

/**
 * Holds one answer of the server against `openapi.yaml`: its status, header fields, media type and body must be
 * declared for this method and path.
 * @throws Error that says what differs.
 */
export function assertContract(
  method: string,
  path: string,
  reply: Pick<Reply, 'status' | 'headers' | 'body'>,
): void {
  const { where, template, responses, hasPages } = operationFor(method, path);
  const declared = responses[String(reply.status)];
  const faults = declared
    ? faultsOf(method, { path, template }, formOf(deref<ResponseObject>(declared), hasPages, reply), reply)
    : [`status ${reply.status} is not declared, only ${Object.keys(responses).join(', ')}`];
  if (faults.length === 0) return;
  const list = faults.map((fault) => `\n  - ${fault}`).join('');
  throw new Error(
    `${method} ${path} -> ${reply.status} breaks the contract, ${DOCUMENT_ID} ${where}:${list}${excerpt(reply)}`,
  );
}

interface Declaration {
  /** For messages. */
  readonly where: string;
  /** The path of the document, if the request belongs to one. */
  readonly template: string | undefined;
  readonly responses: Responses;
  /** Whether problems may be pages. */
  readonly hasPages?: boolean;
}

/** A problem that came as a page has the form of these pages, and the fields of its status besides. */
function formOf(
  declared: ResponseObject,
  hasPages: boolean | undefined,
  { status, headers }: Pick<Reply, 'status' | 'headers'>,
): ResponseObject {
  const isHtml = headers['content-type']?.startsWith('text/html');
  const isDeclared = declared.content?.['text/html'] !== undefined;
  if (!hasPages || status < 400 || !isHtml || isDeclared) return declared;
  const page = contract['x-problem-page'];
  return { ...page, headers: { ...declared.headers, ...page.headers } };
}

function operationFor(method: string, path: string): Declaration {
  const { path: nowhere, options, method: otherMethod, any } = contract['x-undeclared'];
  // The server as a whole (RFC 9110 §9.3.7) is no path, and OPTIONS is all that can be asked of it.
  const template = path === '*' ? path : templateFor(path);
  if (template === undefined) {
    return { where: 'for unknown paths', template, responses: { ...any, ...nowhere } };
  }
  const isWriting = method !== 'GET' && method !== 'HEAD';
  const operation = isByLink(path) && isWriting ? undefined : operationOf(template, method);
  // On a server that nobody may write to, neither the method nor, maybe, the path is there.
  const missing = operation?.['x-when-writable'] ? { ...otherMethod, ...nowhere } : {};
  if (operation) {
    const responses = { ...missing, ...operation.responses };
    const hasPages = operation['x-problem-pages'] ?? false;
    return { where: `${method} ${template}`, template, responses, hasPages };
  }
  const undeclared = method === 'OPTIONS' ? options : otherMethod;
  return {
    where: `for an undeclared ${method} ${template}`,
    template,
    responses: { ...any, ...undeclared },
  };
}

function faultsOf(
  method: string,
  { path, template }: { readonly path: string; readonly template: string | undefined },
  declared: ResponseObject,
  reply: Pick<Reply, 'status' | 'headers' | 'body'>,
): string[] {
  return [
    ...headerFaults(declared, reply),
    ...contentTypeFaults(declared, reply),
    ...bodyFaults(method, declared, reply),
    ...(template === undefined ? [] : allowFaults(template, isByLink(path), reply)),
  ];
}

/** Allow lists what the document declares, no more and no less, on a server that may be written to or on one that may not. */
function allowFaults(template: string, isByLink: boolean, { headers }: Pick<Reply, 'headers'>): string[] {
  if (headers.allow === undefined) return [];
  const templates = template === '*' ? Object.keys(contract.paths) : [template];
  const [declared, readOnly] = [false, true].map((isReadOnly) =>
    [...new Set(templates.flatMap((each) => allowedMethodsOf(each, { isReadOnly, isByLink })))]
      .sort()
      .join(', '),
  );
  const allowed = headers.allow.split(/, */).sort().join(', ');
  const isRight = allowed === declared || allowed === readOnly;
  return isRight ? [] : [`Allow lists ${allowed}, declared are ${declared}`];
}

function excerpt({ body, headers }: Pick<Reply, 'headers' | 'body'>): string {
  const isText = /json|^text\//.test(headers['content-type'] ?? '');
  return isText && body.length > 0 ? `\n  body: ${body.toString().slice(0, 400)}` : '';
}
