type Stated<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

const isSaid = (value: unknown) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);

/** The fields that say something: what nobody said is not written down. `null` is said: it is known to be none. */
export const stated = <Fields extends object>(fields: Fields): Stated<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => isSaid(value))) as Stated<Fields>;
