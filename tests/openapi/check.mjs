// Checks an OpenAPI document (the path is the argument) with two validators that know nothing of Pontual; prints what they find and exits 1 then.
import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { createConfig, lintFromString } from '@redocly/openapi-core';

const source = await readFile(process.argv[2], 'utf8');
const found = [];

const validator = new Validator();
const shape = await validator.validate(JSON.parse(source));
if (!shape.valid) {
  for (const error of [shape.errors].flat()) {
    found.push(`schema: ${error.instancePath ?? ''} ${error.message ?? error}`);
  }
}
if (validator.version !== '3.1') {
  found.push(`schema: version ${validator.version} is not 3.1`);
}

const config = await createConfig({
  telemetry: 'off',
  extends: ['recommended'],
  rules: {
    // An installation's address and licence are not the document's to say; some operations cannot be refused.
    'info-license': 'off',
    'no-empty-servers': 'off',
    'operation-4xx-response': 'off',
    // A choice of required keys concerns the object around it: plain JSON Schema.
    'no-required-schema-properties-undefined': 'off',
    'operation-operationId': 'error',
    'operation-summary': 'error',
    'operation-parameters-unique': 'error',
    'no-unused-components': 'error',
    'security-defined': 'error',
    'no-invalid-media-type-examples': 'error',
    'no-invalid-parameter-examples': 'error',
    'no-invalid-schema-examples': 'error',
  },
});
for (const problem of await lintFromString({ source, absoluteRef: 'v1.json', config })) {
  if (!problem.ignored) {
    found.push(`${problem.ruleId}: ${problem.location[0]?.pointer ?? ''} ${problem.message}`);
  }
}

for (const line of found) {
  console.log(line);
}
console.log(`${found.length} found`);
process.exitCode = found.length === 0 ? 0 : 1;
