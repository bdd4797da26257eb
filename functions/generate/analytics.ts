import { allowList, type PropertyRule } from '../analytics/allow-list.ts';
import { type Column, columns } from '../analytics/row.ts';

/** The columns of the BigQuery table that the topic's events fit, as BigQuery and Terraform read a schema. */
export const bigQuerySchema = (): readonly Column[] => columns;

const begin = '<!-- begin: generated from functions/analytics by `npm run generate`, do not edit -->';
const end = '<!-- end: generated -->';

/** docs/analytics.md with its tables made anew; the rest of it is written by hand. */
export function withAnalyticsTables(page: string): string {
  const [before, rest = ''] = page.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`docs/analytics.md has no place for its tables: ${begin} … ${end}`);
  return [before, begin, '\n\n', tables(), '\n', end, after].join('');
}

const tables = () => ['### Events', '', eventTable(), '', '### Fields of an event', '', fieldTable(), ''].join('\n');

function eventTable(): string {
  const rows = allowList.map(({ type, name, about, properties }) => {
    const kept = Object.entries(properties).map(
      ([property, rule]) => `\`${property}\`: ${rule.about} (${valuesOf(rule)})`,
    );
    return `| ${type} | ${name} | ${about} | ${kept.join('<br>')} |`;
  });
  return ['| call | event | when | properties kept |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function valuesOf(rule: PropertyRule): string {
  if (rule.kind === 'count') return 'a number';
  return rule.kind === 'flag' ? 'yes or no' : [...rule.words.map((word) => `\`${word}\``), '`other`'].join(', ');
}

function fieldTable(): string {
  const rows = columns.map(
    ({ name, type, mode, description }) => `| \`${name}\` | ${type}, ${mode.toLowerCase()} | ${description} |`,
  );
  return ['| field | in BigQuery | what it is |', '| --- | --- | --- |', ...rows].join('\n');
}
