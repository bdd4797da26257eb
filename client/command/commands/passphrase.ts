import type { Nightvault } from '../../index.ts';
import { readPassphrase } from '../asking.ts';
import type { Context } from '../context.ts';
import { type Command, common, type Input, type Result } from '../definition.ts';
import { columns, printable } from '../layout.ts';
import { mailedCode } from '../mailed-code.ts';
import { email, ownAddress } from './signup.ts';

const newVariable = 'NIGHTVAULT_NEW_PASSPHRASE';

export const passphrase: Command = {
  name: 'passphrase',
  summary: 'change your passphrase, or replace a forgotten one',
  description: [
    '`change` sets another one; your keys stay, all other devices are logged out.',
    '`reset` is for who has forgotten it. Without --code it has a mail sent. With the code of that mail it first shows what is lost, which is everything nobody shares with you, and then makes new keys; others of your groups must let you in again.',
    `The new passphrase may also come from --new-passphrase-file, or the environment variable ${newVariable}.`,
  ],
  arguments: [{ name: 'action', about: 'what to do', choices: ['change', 'reset'] }],
  options: [
    common.passphraseFile,
    { name: 'new-passphrase-file', value: 'FILE', about: 'the same for the new passphrase' },
    { name: 'code', value: 'LINK', about: 'of reset: the link of the mail, or the code at its end' },
    email,
    common.server,
    common.yes,
  ],
  examples: [
    ['nightvault passphrase change', ''],
    ['nightvault passphrase reset --email jane@example.com', 'sends a mail'],
    ["nightvault passphrase reset --code '…'", 'shows the loss, and asks'],
  ],
  run: (context, input) => (input.argument('action') === 'change' ? change(context, input) : reset(context, input)),
};

const readNew = (context: Context, input: Input): Promise<string> =>
  readPassphrase({ ...context.world, file: input.text('new-passphrase-file') }, 'The new passphrase', {
    twice: true,
    variable: newVariable,
  });

async function change(context: Context, input: Input): Promise<Result> {
  const account = await context.account();
  const old = await readPassphrase({ ...context.world, file: input.text('passphrase-file') }, 'Your passphrase');
  const next = await readNew(context, input);
  const ended = await account.changePassphrase({ oldPassphrase: old }, next, { signal: context.signal });
  await context.remember(account, (await context.saved()).server);
  return {
    json: { changed: true, sessionsEnded: ended },
    text: `Your passphrase is changed. Other sessions that ended: ${ended}.`,
  };
}

async function reset(context: Context, input: Input): Promise<Result> {
  const given = input.text('code');
  const mailed = given === undefined ? undefined : mailedCode(given);
  const server = context.connect(await context.serverUrl(input.text('server') ?? mailed?.server));
  const until = { signal: context.signal };
  if (mailed === undefined) {
    const address = await ownAddress(context, input);
    await server.startReset(address, until);
    return {
      json: { email: address, status: 'code-sent' },
      text: `If ${address} has an account, a mail is on its way. Then: nightvault passphrase reset --code LINK`,
    };
  }
  const { code: token } = mailed;
  const preview = await server.previewReset(token, until);
  context.world.stderr(`${lossOf(preview)}\n`);
  await context.sure('Replace all your keys?', input.flag('yes'));
  const done = await server.finishReset(
    { token, email: preview.email, passphrase: await readNew(context, input) },
    until,
  );
  return { json: done, text: 'You have new keys. Now: nightvault login' };
}

type Preview = Awaited<ReturnType<Nightvault['previewReset']>>;

function lossOf({ groups }: Preview): string {
  if (groups.length === 0) return 'You have no groups: nothing is lost.';
  const rows = groups.map(({ name, outcome, grantedBy }) => {
    const who = grantedBy.map(({ firstName }) => printable(firstName)).join(', ');
    return [`  ${printable(name)}`, outcome === 'lost' ? 'is lost for good' : `can be opened again by ${who}`];
  });
  return `Of your groups:\n${columns(rows)}`;
}
