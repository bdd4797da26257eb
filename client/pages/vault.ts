import { show } from './app.ts';
import { readPurpose, state } from './state.ts';

state.purpose = readPurpose();
await show();
