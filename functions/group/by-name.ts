interface Named {
  readonly name: string;
  readonly id: string;
}

/** The order of every list of names: two of one name keep their places. */
export const byName = (a: Named, b: Named): number =>
  a.name.localeCompare(b.name, 'en') || a.id.localeCompare(b.id, 'en');
