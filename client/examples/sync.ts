import type { OpenChange } from 'nightvault';
import { enter, print } from './local.ts';

const account = await enter('jane');

const group = await account.groups.create('Web shop');
const drafts = ['Log in', 'Pay by card', 'Log out'].map((name, n) => ({
  id: `req_${n}`,
  type: 'Request', // the server sees type and name …
  name,
  content: JSON.stringify({ url: `https://shop.example.com/${n}` }), // … and not this
  baseVersion: null, // new
  lastEdited: Date.now(),
}));

const push = group.changes.prepare(drafts);
await push.send({ onProgress: ({ done, total }) => print(`${done} of ${total}`) }); // on failure: send() again

for await (const { id, content } of group.changes.pull()) print(id, content);
for await (const change of group.changes.pull()) print('never:', change.id); // only what is new since

const everything: OpenChange[] = [];
for await (const change of group.changes.pull({ cursor: null })) everything.push(change); // from the start

const [pulled] = everything;
if (pulled === undefined) throw new Error('The group is empty.');
const edit = { ...pulled, content: '{"by":"me"}', baseVersion: pulled.version };
await group.changes.push([edit]);
const [verdict] = await group.changes.push([{ ...edit, content: '{"by":"another device"}' }]);
print(verdict?.status, verdict?.current?.content); // nothing was overwritten: merge, and push onto current.version

for await (const { version, content } of group.history(pulled.id)) print(version.split('-')[0], content);

const { groups } = await account.groups.check([{ group }]); // one call for all one's groups
print('changed:', groups[0]?.changed);
