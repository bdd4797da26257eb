import { CallFailed, Nightvault } from 'nightvault';
import { mailedToken, newAddress, passphrase, print, url } from './local.ts';

const email = newAddress('jane');

const server = Nightvault.connect(url);
await server.signUp({ email, passphrase, firstName: 'Jane', lastName: '' });
await server.verify(await mailedToken(email)); // from the link in the mail
const account = await server.logIn({ email, passphrase }, { label: 'my laptop' });

const saved = JSON.stringify(account.save()); // opens everything: keep it like a private key
const later = server.resume(JSON.parse(saved)); // no call, no passphrase
for (const { label, current } of await later.sessions.list()) print(label, current ? '(this one)' : '');

await later.logOut();
try {
  await account.groups.list();
} catch (error) {
  if (!(error instanceof CallFailed) || error.code !== 'UNAUTHENTICATED') throw error;
  print('logged out:', error.message);
}
