import { httpFunction } from '../../shared/platform/definition.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { healthz as wire } from '../../shared/protocol/configuration.ts';

/** Says that the process serves. It asks nothing behind it, so that a slow store does not look like a dead server. */
export const healthz = httpFunction(
  'healthz',
  {
    GET: publicOperation({
      summary: 'Whether the server answers',
      ...wire,
      success: 200,
      handle: async () => ({ status: 'ok' as const }),
    }),
  },
  { usesStore: false },
);
