import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { default as addFormats } from 'ajv-formats';
import { contract, DOCUMENT_ID, type Schema } from './contract-document.js';

const ajv = new Ajv2020({ allErrors: true, strict: true });
addFormats.default(ajv);
for (const [name, schema] of Object.entries(contract.components.schemas))
  ajv.addSchema(schema, `${DOCUMENT_ID}#/components/schemas/${name}`);

const compiled = new Map<Schema, ValidateFunction>();

/** What is wrong with a value, one text for each fault. Empty: nothing. */
export function faultsOf(value: unknown, schema: Schema): string[] {
  let validate = compiled.get(schema);
  if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
  return validate(value) ? [] : (validate.errors ?? []).map(describe);
}

function describe({ instancePath, message = 'is wrong', params }: ErrorObject): string {
  const { unevaluatedProperty, additionalProperty, allowedValue, allowedValues } = params as Record<
    string,
    unknown
  >;
  const detail = [unevaluatedProperty, additionalProperty, allowedValue, allowedValues].find(
    (value) => value !== undefined,
  );
  return `${instancePath || 'the value'} ${message}${detail === undefined ? '' : `: ${JSON.stringify(detail)}`}`;
}
