import { ObjectId } from 'bson';
import { Elements, BsonType, RawValue, MAX_DOCUMENT_BYTES } from '../bson/raw.js';
import { encodeValue, idOf, withIdFirst } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { checkId } from '../update/update.js';
import { MAX_WRITE_BATCH } from '../wire/message.js';
import type { Handler } from './call.js';
import { retryKeyOf } from './retry.js';
import { retriedStatements, runBatch, writeErrors } from './write-batch.js';

const FIELDS: ReadonlySet<string> = new Set(['documents', 'ordered', 'bypassDocumentValidation']);

/** @throws CommandError InvalidLength */
export const checkBatchLength = (count: number): void => {
  if (count === 0 || count > MAX_WRITE_BATCH)
    throw new CommandError('InvalidLength', `Write batch sizes must be between 1 and ${MAX_WRITE_BATCH}. Got ${count} operations.`);
};

/** The document as it is stored. @throws CommandError BadValue, InvalidIdField, BSONObjectTooLarge */
const toBeStored = (document: RawValue): Buffer => {
  if (document.length > MAX_DOCUMENT_BYTES)
    throw new CommandError(
      'BSONObjectTooLarge',
      `object to insert too large. size in bytes: ${document.length}, max size: ${MAX_DOCUMENT_BYTES}`,
    );
  const id = idOf(document);
  if (id) checkId(id);
  for (const element = Elements.of(document); element.next();)
    if (element.type === BsonType.timestamp && isZero(element)) return withIdFirst(stamped(document), newId);
  return withIdFirst(document, newId);
};

const newId = (): RawValue => encodeValue(new ObjectId());

const isZero = ({ bytes, valueStart }: Elements): boolean => bytes.readBigUInt64LE(valueStart) === 0n;

let lastSecond = 0;
let increment = 0;

/** A timestamp of zero at the top of a document stands for the moment of its insertion. */
const stamped = (document: RawValue): RawValue => {
  const copy = Buffer.from(document.slice());
  const second = Math.floor(Date.now() / 1000);
  for (const element = new Elements(copy, 0); element.next();) {
    if (element.type !== BsonType.timestamp || !isZero(element)) continue;
    increment = second === lastSecond ? increment + 1 : 1;
    lastSecond = second;
    copy.writeUInt32LE(increment, element.valueStart);
    copy.writeUInt32LE(second, element.valueStart + 4);
  }
  return RawValue.document(copy);
};

/** https://www.mongodb.com/docs/manual/reference/command/insert/ */
export const insert: Handler = async ({ node, command }) => {
  command.allow(FIELDS);
  const [db, name] = [command.db, command.collection()];
  const documents = command.list('documents');
  checkBatchLength(documents.length);
  const { catalogue } = node;
  const key = retryKeyOf(command);
  const outcomes = await runBatch(node, {
    count: documents.length,
    ordered: command.get('ordered') === undefined || command.boolean('ordered'),
    run: (at) => {
      const document = toBeStored(documents[at] as RawValue);
      node.documents.insert(catalogue.ensure(db, name), document);
    },
    retry: key && { key, write: () => true, read: () => undefined },
  });
  const n = outcomes.filter((outcome) => 'result' in outcome).length;
  return { n, writeErrors: writeErrors(outcomes), retriedStmtIds: retriedStatements(outcomes) };
};
