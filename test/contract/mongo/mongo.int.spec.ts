import { afterAll, beforeAll, describe } from '@jest/globals';
import { startMongoNode, type MongoNode } from '@faultline/embedded-mongo';
import { administration } from './administration.contract.js';
import { aggregation } from './aggregation.contract.js';
import { collations } from './collations.contract.js';
import { contract } from './contract.js';
import { FERRETDB } from './ferretdb.js';
import { indexes } from './indexes.contract.js';
import { queries } from './queries.contract.js';
import { Target } from './target.js';
import { updates } from './updates.contract.js';
import { views } from './views.contract.js';

/** `MONGODB_URI=mongodb://… npm test -- test/contract/mongo` tries any MongoDB; without it the embedded node. */
const { MONGODB_URI } = process.env;

describe(MONGODB_URI === undefined ? 'The embedded node' : 'A MongoDB', () => {
  let node: MongoNode | undefined;
  let target: Target;
  beforeAll(async () => {
    if (MONGODB_URI === undefined) node = await startMongoNode({ users: 'none', thread: 'same' });
    target = new Target(MONGODB_URI ?? (node as MongoNode).uri);
    await target.open();
  });
  afterAll(async () => {
    await target.close();
    await node?.stop();
  });

  const parts = contract(() => target, FERRETDB);
  for (const part of [queries, updates, aggregation, indexes, administration, collations, views]) part(parts);
});
