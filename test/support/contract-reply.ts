import {
  contract,
  deref,
  type HeaderObject,
  type MediaTypeObject,
  type ResponseObject,
} from './contract-document.js';
import { faultsOf } from './contract-schema.js';
import type { Reply } from './http-client.js';

type Checked = Pick<Reply, 'status' | 'headers' | 'body'>;

/** Any answer may have these, whether its response spells them out or not; the document says so in its description. */
const ANYWHERE = /^(?:access-control-.*|vary|content-length|tus-resumable|referrer-policy)$/;

/** Every other field that the document knows: one of these where it is not declared has leaked from another answer. */
const known = new Set(
  collectHeaderNames(contract)
    .map((name) => name.toLowerCase())
    .filter((name) => !ANYWHERE.test(name)),
);

/** Required fields are there, all that are there have the form declared, and none is there that belongs elsewhere. */
export function headerFaults({ headers: declared = {} }: ResponseObject, reply: Checked): string[] {
  const faults = Object.entries(declared).flatMap(([name, reference]) => {
    const { required = false, schema } = deref<HeaderObject>(reference);
    const text = fieldText(reply, name);
    if (text === undefined) return required ? [`header ${name} is missing`] : [];
    const wrong = faultsOf(fromText(text, deref(schema)), schema);
    return wrong.map((fault) => `header ${name} is ${JSON.stringify(text)}: ${fault}`);
  });
  const names = new Set(Object.keys(declared).map((name) => name.toLowerCase()));
  const leaked = Object.keys(reply.headers).filter((name) => known.has(name) && !names.has(name));
  return [...faults, ...leaked.map((name) => `header ${name} is not declared for this answer`)];
}

export function contentTypeFaults({ content }: ResponseObject, reply: Checked): string[] {
  const { status, headers } = reply;
  const type = headers['content-type'];
  const isMultipart = type?.startsWith('multipart/byteranges') ?? false;
  const faults: string[] = [];
  if (content && type === undefined) {
    // A redirect may do without a body.
    const isEmptyRedirect = status >= 300 && status < 400 && headers['content-length'] === '0';
    if (!isEmptyRedirect) faults.push('header Content-Type is missing');
  } else if (content && !mediaTypeOf(content, type!)) {
    faults.push(`Content-Type is ${type}, declared are ${Object.keys(content).join(', ')}`);
  }
  // RFC 9110 §15.3.7: one range has Content-Range in the header, several have it in each part and never there.
  if (status === 206 && isMultipart === (headers['content-range'] !== undefined)) {
    faults.push(isMultipart ? 'a multipart answer has a Content-Range' : 'header Content-Range is missing');
  }
  return faults;
}

export function bodyFaults(method: string, { content }: ResponseObject, reply: Checked): string[] {
  const { status, headers, body } = reply;
  // RFC 9110 §8.6: such an answer MUST NOT have the field.
  const length = status === 204 && headers['content-length'] !== undefined;
  const faults = length ? ['a 204 has a Content-Length'] : [];
  if (method === 'HEAD' || status === 304 || !content) {
    if (body.length > 0) faults.push(`it has a body of ${body.length} bytes and must have none`);
    return faults;
  }
  const type = headers['content-type'] ?? '';
  const schema = mediaTypeOf(content, type)?.schema;
  if (!schema || !/\bjson\b/.test(type)) return faults;
  try {
    return [...faults, ...faultsOf(JSON.parse(body.toString()), schema).map((fault) => `body: ${fault}`)];
  } catch {
    return [...faults, 'the body is no JSON'];
  }
}

/** The best of the declared media ranges that holds a media type; parameters are not compared. */
function mediaTypeOf(
  content: NonNullable<ResponseObject['content']>,
  type: string,
): MediaTypeObject | undefined {
  const essence = type.split(';', 1)[0]!.trim().toLowerCase();
  return content[essence] ?? content[essence.replace(/\/.*/, '/*')] ?? content['*/*'];
}

function fieldText({ headers }: Checked, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Fields are text; a schema may speak of a number. */
function fromText(text: string, schema: Readonly<Record<string, unknown>>): unknown {
  return schema.type === 'integer' && /^\d+$/.test(text) ? Number(text) : text;
}

/** The names of all response header fields anywhere in the document. */
function collectHeaderNames(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    key === 'headers' && node !== contract.components
      ? Object.keys(value as object)
      : collectHeaderNames(value),
  );
}
