import { BsonType, fieldsOf, type RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import type { Command } from './command.js';

/** The UUID within a logical session id, as text. @throws CommandError BadValue */
export const sessionId = (lsid: RawValue): string => {
  const id = lsid.type === BsonType.object ? fieldsOf(lsid).get('id') : undefined;
  if (id?.type !== BsonType.binary || id.length !== 21)
    throw new CommandError('BadValue', 'A logical session id is a document whose id is a UUID');
  return id.bytes.toString('hex', id.start + 5, id.end);
};

/** The session that a command belongs to. */
export const sessionOf = (command: Command): string | undefined => {
  const lsid = command.get('lsid');
  return lsid && sessionId(lsid);
};
