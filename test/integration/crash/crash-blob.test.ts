import { createHash, randomBytes } from 'node:crypto';
import { attemptsOf } from '../../../functions/blob/removal.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import { limits } from '../../../shared/protocol/limits.ts';
import { allBlobs, type Chunk, looseParts } from '../../../shared/store/blobs.ts';
import { collection } from '../../../shared/store/database.ts';
import { groups } from '../../../shared/store/groups.ts';
import { createAccounts } from '../../support/accounts.ts';
import { callInProcess, jsonRequest } from '../../support/in-process.ts';
import { carryOut, type Order } from '../../support/mortal-instance.ts';
import { eachOf, newTrial, plainAnswer, type Trial } from './trial.ts';

const hex = (bytes: number) => 'ab'.repeat(bytes);
const parts = [Buffer.alloc(limits.blobPartBytes, 7), randomBytes(1_000)];
const blobId = createHash('sha256').update(Buffer.concat(parts)).digest('hex');

const partOrder = (groupId: string, token: string, part: number): Order => ({
  name: 'blob-upload',
  method: 'PUT',
  query: { groupId, blobId, part: `${part}`, parts: '2' },
  headers: { 'x-session-id': token, 'idempotency-key': 'the-key' },
  body: (parts[part] ?? Buffer.alloc(0)).toString('base64'),
});

/** A group of Jane's with the first part of the blob in it. @returns the order that brings the last */
async function firstPart(platform: Platform): Promise<Order> {
  const [jane] = await createAccounts(platform.database, hex);
  const input = { name: 'g', encSymmetricKey: hex(256) };
  const { body } = await callInProcess('group-create', jsonRequest(input, { 'x-session-id': jane.token }), platform);
  const { id } = body as { id: string };
  const { 'idempotency-key': _key, ...headers } = partOrder(id, jane.token, 0).headers;
  const first = await carryOut({ ...partOrder(id, jane.token, 0), headers }, platform);
  if (first.status !== 200) throw new Error(`The first part was answered ${first.text}`);
  return partOrder(id, jane.token, 1);
}

/** Whether the blob is there, what the group counts, and the chunks that neither the blob nor the sweep would find. */
async function look({ database }: Trial) {
  const [group] = await database.list({ collection: groups, where: [] });
  const [blob] = await database.list({ collection: allBlobs, everywhere: true, where: [] });
  const loose = await database.list({ collection: looseParts, where: [] });
  const all = collection<Chunk>('chunks');
  const chunks = await database.list({ collection: all, everywhere: true, where: [], fields: [] });
  const held = new Set([...attemptsOf(blob?.data ?? { received: {} }), ...loose.map(({ id }) => id)]);
  const lost = chunks.filter(({ id }) => !held.has(id.split('-')[0] ?? '')).map(({ id }) => id);
  return { state: blob?.data.state, bytes: group?.data.bytes, lost };
}

const absent = { state: 'uploading', bytes: 0, lost: [] };
const present = { state: 'ready', bytes: limits.blobPartBytes + 1_000, lost: [] };

describe('the last part of a blob', () => {
  it('makes it exist or not, wherever its process dies, and a retry completes it once', async () => {
    let order: Order | undefined;
    const prepare = async (platform: Platform) => {
      order = await firstPart(platform);
    };
    const clean = await newTrial(prepare);
    if (order === undefined) throw new Error('Nothing was prepared.');
    const last = order;
    const all = await clean.deaths(last);
    // Before a read the store is as it was after the write before it; there are many reads, a chunk each.
    const writes = new Set(all.filter(({ when }) => when === 'after').map(({ operation }) => operation));
    const deaths = all.filter(({ operation }) => writes.has(operation));
    expect(await look(clean)).toEqual(present);
    const answer = plainAnswer(await clean.carryOut(last));
    await clean.end();

    const ends = { absent: 0, present: 0 };
    await eachOf(deaths, async (death) => {
      const trial = await newTrial(prepare);
      await trial.die(last, death);
      const left = await look(trial);
      const there = left.state === 'ready';
      ends[there ? 'present' : 'absent'] += 1;
      expect({ death, left }).toEqual({ death, left: there ? present : absent });
      const retried = await trial.carryOut(last);
      expect({ death, answer: plainAnswer(retried) }).toEqual({ death, answer });
      expect({ death, ...(await look(trial)) }).toEqual({ death, ...present });
      const again = await trial.carryOut(last);
      expect({ death, text: again.text, replayed: again.replayed }).toEqual({
        death,
        text: retried.text,
        replayed: true,
      });
      await trial.end();
    });
    expect(ends.present).toBeGreaterThan(0);
    expect(ends.absent).toBeGreaterThan(0);
  }, 180_000);
});
