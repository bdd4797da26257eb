/** What is deployed is what is tested: the same major version of Node. */
export const runtime = { name: 'nodejs24', node: '24' } as const;
