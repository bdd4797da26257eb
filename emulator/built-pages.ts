import type { BuiltPages, Pages } from '../shared/platform/pages.ts';

let building: Promise<BuiltPages> | undefined;

/** The pages as their sources stand when the first of them is opened: a stack that shows none need not build them. */
export const builtPages: Pages = () => {
  building ??= import('../functions/bundle/pages.ts').then(({ buildPages }) => buildPages());
  return building;
};
