const MOST = { local: 64, whole: 254 } as const;

/** One address and nothing besides: no name, no list, no quotes, no brackets, no space. RFC 5321 allows more; nobody's mailbox needs it. */
const ADDRESS = /^(?<local>[^\s\p{Cc}@<>()[\]\\,;:"]+)@(?<domain>[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?)$/u;

/** Whether it is one mail address, and safe to put into a command or a header. */
export const isMailAddress = (text: string): boolean => {
  const local = text.length <= MOST.whole ? ADDRESS.exec(text)?.groups?.['local'] : undefined;
  return local !== undefined && local.length <= MOST.local && !text.includes('..');
};

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
