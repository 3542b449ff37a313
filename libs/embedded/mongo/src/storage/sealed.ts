import { crc32 } from 'node:zlib';
import { RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';

/** Behind each stored document stand 4 bytes of checksum: what the disk gives back is either what was written, or an error. */
const CHECKSUM_BYTES = 4;

export const seal = (document: Buffer): Buffer => {
  const sealed = Buffer.allocUnsafe(document.length + CHECKSUM_BYTES);
  document.copy(sealed);
  sealed.writeUInt32LE(crc32(document), document.length);
  return sealed;
};

/** The document, or undefined where the bytes are not those that were written. */
export const tryUnseal = (sealed: Buffer): RawValue | undefined => {
  const end = sealed.length - CHECKSUM_BYTES;
  if (end < 5 || crc32(sealed.subarray(0, end)) !== sealed.readUInt32LE(end)) return undefined;
  return new RawValue(3, sealed, 0, end);
};

/** @throws CommandError InternalError, where the bytes are not those that were written */
export const unseal = (sealed: Buffer): RawValue => {
  const document = tryUnseal(sealed);
  if (!document)
    throw new CommandError('InternalError', 'A stored document is damaged on the disk: verify the data folder, and restore a backup');
  return document;
};
