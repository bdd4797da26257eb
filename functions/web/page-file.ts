import { httpFunction } from '../../shared/platform/definition.ts';
import { fileOperation } from '../../shared/platform/operation.ts';
import { pageFile as wire } from '../../shared/protocol/pages.ts';
import { Problem } from '../../shared/protocol/problems.ts';

export const pageFile = httpFunction(
  'page-file',
  {
    GET: fileOperation({
      summary: 'A script, a style or a picture of the pages, to be kept for good: its name changes with its content',
      ...wire,
      success: 200,
      problems: ['PAGE_FILE_NOT_FOUND'],
      handle: async ({ name }, { pages }) => {
        const { files = {} } = await pages();
        const file = Object.hasOwn(files, name) ? files[name] : undefined;
        if (file === undefined) throw new Problem('PAGE_FILE_NOT_FOUND', `There is no file ${name} here.`);
        return file;
      },
    }),
  },
  { usesStore: false },
);
