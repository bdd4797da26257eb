import { Problem } from '../../shared/protocol/problems.ts';
import { set, type Write } from '../../shared/store/database.ts';
import { oldKeys } from '../../shared/store/groups.ts';

interface GivenKeys {
  readonly groupId: string;
  readonly accountId: string;
  /** The group's present epoch. */
  readonly keyEpoch: number;
  readonly oldKeys: readonly { readonly keyEpoch: number; readonly encSymmetricKey: string }[];
}

/**
 * The keys of earlier epochs that come with a link.
 * @param at JSON pointer of what holds `oldKeys` in the input
 * @throws Problem `INVALID_INPUT` when one is of an epoch that is not over
 */
export function wrappedOldKeys(
  { groupId, accountId, keyEpoch: current, oldKeys: wrapped }: GivenKeys,
  at: string,
): Write[] {
  return wrapped.map(({ keyEpoch, encSymmetricKey }, index) => {
    if (keyEpoch >= current) {
      const message = `must be below the group's key epoch, ${current}`;
      const path = `${at}/oldKeys/${index}/keyEpoch`;
      throw new Problem('INVALID_INPUT', `${path}: ${message}`, { errors: [{ path, message }] });
    }
    return set(oldKeys(groupId, accountId).doc(String(keyEpoch)), { groupId, keyEpoch, encSymmetricKey });
  });
}
