import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { enter, print } from './local.ts';

const folder = await mkdtemp(join(tmpdir(), 'nightvault-example-'));
const [file, copy] = [join(folder, 'lanterns.bin'), join(folder, 'copy.bin')];
await writeFile(file, new Uint8Array(1_000_000).fill(7));

const account = await enter('jane');
const group = await account.groups.create('Pictures');

const reference = await group.blobs.upload(() => createReadStream(file)); // again after a failure: sends what is missing
await group.changes.push([
  {
    id: 'pic_1',
    type: 'Picture',
    name: 'Lanterns',
    content: JSON.stringify(reference), // it opens the blob, so it is encrypted
    blobIds: [reference.blobId], // keeps the blob as long as the resource, and its history
    baseVersion: null,
    lastEdited: Date.now(),
  },
]);

await pipeline(await group.blobs.download(reference), createWriteStream(copy));

print((await readFile(copy)).equals(await readFile(file)) ? 'the same' : 'different', reference.size);
await rm(folder, { recursive: true });
