import { expect, test } from 'vitest';
import { keyVariableFault } from './key-variable.ts';

test.each([
  ['COMFY_KEY', true],
  ['COMFY_KEY_SPOT', true],
  ['LISTED', true],
  ['INFERENCE', false],
  ['VERDA_INFERENCE_KEY', true],
  ['MY_COMFY_KEY', false],
  ['ADMIN_PASSWORD', false],
  ['VERDA_CLIENT_SECRET', false],
  ['METRICS_TOKEN', false],
  ['S3_SECRET_ACCESS_KEY', false],
  ['DATABASE_URL', false],
  ['database_url', false],
])('%s holds a key of an endpoint: %s', (variable, may) => {
  const fault = keyVariableFault(variable, ['LISTED', 'DATABASE_URL', 'VERDA_INFERENCE_KEY']);
  expect(fault === null).toBe(may);
  if (fault !== null) expect(fault).toContain(variable);
});
