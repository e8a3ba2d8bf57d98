import { z } from 'zod';

export const httpAddress = z.url({ protocol: /^https?$/, error: 'should be an http or https address' });

/** What an endpoint is, wherever it is named: by an operator or by the environment. */
export const endpointFields = {
  name: z.string().trim().min(1, 'should not be empty').max(60, 'should have at most 60 characters'),
  url: httpAddress,
  gpu: z.string().trim().max(60, 'should have at most 60 characters').default(''),
  pricing: z.enum(['spot', 'on-demand']).default('on-demand'),
  capacity: z.number().int().min(1).max(1000).default(1),
  /** Name of the environment variable that holds the key. */
  apiKeyVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'should be the name of an environment variable')
    .nullable()
    .default(null),
};
