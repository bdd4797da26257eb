import { benchLogin } from '../login.ts';

/** What `npm run bench browser-login` calls in its page. */
Object.assign(globalThis, { benchLogin });
