import { config } from 'zod';

/** zod asks whether it may compile its checks, and that the page's policy refuses aloud: it need not ask. */
config({ jitless: true });
