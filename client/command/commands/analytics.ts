import { analyticsChoice } from '../../../shared/protocol/analytics.ts';
import type { UsagePreference } from '../../index.ts';
import type { Command } from '../definition.ts';
import { usage } from '../failures.ts';
import { moment } from '../layout.ts';

export const analytics: Command = {
  name: 'analytics',
  summary: 'whether the server keeps usage events of your account',
  description: [
    'Programs that work with the server may tell it what is used: never contents or names. Without an argument, says whether that is kept of your account; `on` and `off` choose. This command itself sends none.',
  ],
  arguments: [{ name: 'choice', optional: true, about: 'from now on', choices: analyticsChoice.options }],
  options: [{ name: 'forget', about: 'also erases what has been kept until now' }],
  examples: [
    ['nightvault analytics', ''],
    ['nightvault analytics off --forget', ''],
  ],
  async run(context, input) {
    const account = await context.account();
    const choice = input.argument('choice');
    const forget = input.flag('forget');
    if (choice === undefined && forget) {
      throw usage('It is not said what is to be from now on.', '--forget goes with a choice.', 'Add `on` or `off`.');
    }
    const until = { signal: context.signal };
    const preference =
      choice === undefined
        ? await account.usage.preference(until)
        : await account.usage.choose(analyticsChoice.parse(choice), { forget, ...until });
    return { json: { ...preference }, text: told(preference) };
  },
};

function told({ analytics: choice, chosen, erasing }: UsagePreference): string {
  const since = chosen === null ? "the server's default" : `since ${moment(chosen)}`;
  const earlier = erasing ? ' What was kept before is being erased.' : '';
  return `Usage events of your account are ${choice === 'on' ? 'kept' : 'not kept'} (${since}).${earlier}`;
}
