import { lent } from './window-lent.ts';

if (lent) Reflect.deleteProperty(globalThis, 'window');
