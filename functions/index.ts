import { registry } from './registry.ts';
import { start } from './start.ts';

start(registry);
