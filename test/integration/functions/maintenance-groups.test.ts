import { type Member, newGroup, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, later, pullAll, push, shareWith, write } from '../../support/sync.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

const call = (name: string, { token }: Member, body: object) => stack.call(name, { token, body });

describe('maintenance-groups', () => {
  it('purges a deleted group after the retention time, with everything in it, and no other', async () => {
    const kept = await newGroup(stack, jane);
    await write(stack, jane, kept, change('req_1'));
    const groupId = await newGroup(stack, jane);
    await shareWith(stack, jane, groupId, bob);
    const many = Array.from({ length: 200 }, (_, n) => change(`req_${n}`));
    const first = await push(stack, jane, groupId, many);
    const again = first.body.results.map(({ id, version }) => change(id, { baseVersion: version }));
    await push(stack, jane, groupId, again);
    await call('group-delete', jane, { groupId });

    expect((await later(stack, 29, 'maintenance-groups')).body).toMatchObject({ groups: 0, documents: 0 });
    const { body } = await later(stack, 31, 'maintenance-groups');
    expect(body).toMatchObject({ groups: 1, more: false });
    expect(Number(body.documents)).toBeGreaterThanOrEqual(200 + 400 + 2 + 1);
    expect((await later(stack, 31, 'maintenance-groups')).body).toMatchObject({ groups: 0, documents: 0 });
    const left = JSON.stringify(await (await fetch(`${stack.url}/_local/store`)).json());
    // Answers under Idempotency-Keys may name it for a day.
    expect(left.includes(groupId)).toBe(false);
    expect((await pullAll(stack, jane, kept)).all).toHaveLength(1);
  });

  it('goes on where a killed run has stopped', async () => {
    const groupId = await newGroup(stack, jane);
    await write(stack, jane, groupId, change('req_1'));
    await call('group-delete', jane, { groupId });
    const { database } = stack.platform;
    const statuses: number[] = [];
    for (let allowed = 0; allowed < 6; allowed += 1) {
      let commits = 0;
      const failing = {
        ...database,
        commit: (writes: Parameters<typeof database.commit>[0]) => {
          commits += 1;
          return commits > allowed ? Promise.reject(new Error('killed')) : database.commit(writes);
        },
      };
      const cut = { ...stack, platform: { ...stack.platform, database: failing } };
      statuses.push((await later(cut, 31, 'maintenance-groups')).status);
    }
    expect(statuses[0]).toBe(500);
    expect(statuses.at(-1)).toBe(200);
    const left = JSON.stringify(await (await fetch(`${stack.url}/_local/store`)).json());
    expect(left.includes(groupId)).toBe(false);
  });
});
