import type { Context, SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { publicOperation, sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { type AnalyticsChoice, accountPreference, devicePreference } from '../../shared/protocol/analytics.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { type AnalyticsPreference, analyticsPreferences } from '../../shared/store/analytics.ts';
import { create, update } from '../../shared/store/database.ts';
import { eraseSome, settledAfter } from './erasure.ts';
import { subjects } from './subject.ts';

const rules = [rateRules.analyticsPreferenceByAddress];

export const analyticsPreference = httpFunction(
  'analytics-preference',
  {
    GET: sessionOperation({
      summary: 'Whether usage events of your account are collected',
      ...accountPreference.get,
      success: 200,
      handle: async (_input, context) => show(await subjectOfAccount(context), context),
    }),
    PUT: sessionOperation({
      summary: 'Choose whether usage events of your account are collected, and have those of the past erased',
      ...accountPreference.put,
      success: 200,
      writes: true,
      handle: async (input, context) => choose(await subjectOfAccount(context), input, context),
    }),
  },
  {
    paths: {
      '/device': {
        GET: publicOperation({
          summary: 'Whether usage events of the device with this id are collected',
          ...devicePreference.get,
          success: 200,
          headers: ['anonymous-id'],
          rules,
          handle: async ({ 'anonymous-id': anonymousId }, context) =>
            show(await subjectOfDevice(anonymousId, context), context),
        }),
        PUT: publicOperation({
          summary: 'Choose the same for the device with this id, which no account is needed for',
          ...devicePreference.put,
          success: 200,
          rules,
          writes: true,
          handle: async ({ anonymousId, ...input }, context) =>
            choose(await subjectOfDevice(anonymousId, context), input, context),
        }),
      },
    },
    secrets: ['analytics-id-key'],
  },
);

interface Subject {
  readonly field: AnalyticsPreference['field'];
  readonly id: string;
  /** What holds until somebody chooses. */
  readonly fallback: AnalyticsChoice;
}

const subjectOfAccount = async ({ caller, sealer, settings }: SessionContext): Promise<Subject> => ({
  field: 'userId',
  id: await subjects(sealer).userId(caller.accountId),
  fallback: settings.analyticsDefault,
});

const subjectOfDevice = async (anonymousId: string, { sealer }: Context): Promise<Subject> => ({
  field: 'anonymousId',
  id: await subjects(sealer).anonymousId(anonymousId),
  fallback: 'on',
});

async function show({ id, fallback }: Subject, { database }: Context) {
  const [preference] = await database.get(analyticsPreferences.doc(id));
  return answer(preference?.data, fallback);
}

const answer = (preference: AnalyticsPreference | undefined, fallback: AnalyticsChoice) => ({
  analytics: preference?.choice ?? fallback,
  chosen: preference?.chosen ?? null,
  erasing: typeof preference?.erasureDue === 'number',
});

/**
 * The choice commits first, with what is to be forgotten and until when: from then on nothing of it is stored any more.
 * Then some of it is deleted at once; the sweeper deletes the rest, and what was being stored just then.
 */
async function choose(
  { id, field, fallback }: Subject,
  { analytics, forget }: { readonly analytics: AnalyticsChoice; readonly forget: boolean },
  context: Context,
) {
  const { database, clock } = context;
  const output = await optimistic(async () => {
    const now = clock.now();
    const [before] = await database.get(analyticsPreferences.doc(id));
    const data: AnalyticsPreference = {
      choice: analytics,
      chosen: now,
      field,
      forgottenUntil: forget ? now : (before?.data.forgottenUntil ?? null),
      erasureDue: forget ? now + settledAfter : (before?.data.erasureDue ?? null),
    };
    const write = before === undefined ? create(analyticsPreferences.doc(id), data) : update(before, data);
    return context.commit(answer(data, fallback), [write]);
  });
  if (forget) await eraseSome({ field, id }, database);
  return output;
}
