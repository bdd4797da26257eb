import { httpFunction } from '../../shared/platform/definition.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { modeOf } from '../../shared/platform/rate-limit.ts';
import { retention } from '../../shared/platform/settings.ts';
import { configuration as wire } from '../../shared/protocol/configuration.ts';
import { lifetimes, limits } from '../../shared/protocol/limits.ts';
import { defaultProfile, kdfFloor, profiles } from '../../shared/protocol/profiles.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';

export const configuration = httpFunction(
  'configuration',
  {
    GET: publicOperation({
      summary: 'Limits, lifetimes, rate rules and cryptographic profiles of this deployment',
      about: 'To be read before anything else, and obeyed; a client keeps floors of its own.',
      ...wire,
      success: 200,
      handle: async (_input, { settings }) => ({
        protocolVersion: 1 as const,
        limits: { ...limits, groupQuotaBytes: settings.groupQuotaBytes, accountQuotaBytes: settings.accountQuotaBytes },
        lifetimes: { ...lifetimes, retention: retention(settings) },
        rateRules: Object.values(rateRules).map((rule) => ({ ...rule, mode: modeOf(rule, settings) })),
        profiles: Object.values(profiles).map((profile) => ({ ...profile, isDefault: profile.id === defaultProfile })),
        kdfFloor,
      }),
    }),
  },
  { usesStore: false },
);
