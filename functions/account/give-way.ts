import type { Account } from '../../shared/store/accounts.ts';
import { remove, type Stored, type Write } from '../../shared/store/database.ts';
import { erasePersonalTeam } from './personal-team.ts';

/** A sign-up whose address was never verified gives way to whoever takes the address: all that it made goes. */
export const giveWay = (account: Stored<Account>): Write[] => [remove(account), ...erasePersonalTeam(account.id)];
