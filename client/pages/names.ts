/** “Jane’s”, “Jonas’”. */
export const possessive = (name: string): string => `${name}’${name.endsWith('s') ? '' : 's'}`;
