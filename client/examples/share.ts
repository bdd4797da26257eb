import { PublicKeyChanged } from 'nightvault';
import { enter, print } from './local.ts';

const [jane, bob] = [await enter('jane'), await enter('bob')];
const saidOnThePhone = await bob.fingerprint();

const group = await jane.groups.create('Web shop');
await group.changes.push([
  { id: 'req_1', type: 'Request', name: 'Log in', content: '{}', baseVersion: null, lastEdited: Date.now() },
]);

await group.share(bob.email, 'editor', { compare: ({ fingerprint }) => fingerprint === saidOnThePhone });

const [bobs] = await bob.groups.list();
if (bobs === undefined) throw new Error('Bob sees no group.');
for await (const { name, content } of bobs.changes.pull()) print(bob.firstName, 'reads', name, content);

await group.revoke(bob.id); // what he has read he has read
await group.rotateKey(); // what is written from now on he cannot

try {
  await group.share(bob.email, 'viewer'); // his key is known by now: another would not be taken
} catch (error) {
  if (error instanceof PublicKeyChanged) print('ask Bob:', error.message);
  else throw error;
}
print('epoch', group.keyEpoch, 'for', (await group.members()).length, 'members');
