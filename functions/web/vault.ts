import { httpFunction } from '../../shared/platform/definition.ts';
import { vaultPage } from './vault-page.ts';

export const vault = httpFunction(
  'vault',
  { GET: vaultPage('The page to sign up, log in, read and share: all keys stay in the browser', 'Your vault') },
  { usesStore: false },
);
