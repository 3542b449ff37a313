import { arch, availableParallelism, hostname, release, totalmem, type } from 'node:os';
import { Double } from 'bson';
import type { CollectionInfo } from '../catalogue.js';
import type { Node } from '../node.js';
import type { Handler, Reply } from './call.js';

const MIB = 1_048_576;

/** https://www.mongodb.com/docs/manual/reference/command/serverStatus/ , what of it this node has. */
export const serverStatus: Handler = ({ node }) => {
  const uptimeMillis = Date.now() - node.startedAt;
  const { rss } = process.memoryUsage();
  return {
    host: hostname(),
    version: '7.0.0',
    process: 'embedded-mongo',
    pid: process.pid,
    uptime: new Double(uptimeMillis / 1000),
    uptimeMillis: BigInt(uptimeMillis),
    localTime: new Date(),
    connections: { ...node.connections },
    opcounters: { ...node.opcounters },
    mem: { bits: 64, resident: Math.round(rss / MIB), supported: true },
    metrics: { cursor: { open: { total: node.cursors.open } } },
    storageEngine: { name: 'lmdb', supportsCommittedReads: true, persistent: node.store.mode === 'own' },
  };
};

/** https://www.mongodb.com/docs/manual/reference/command/hostInfo/ : without it Compass does not open its connection. */
export const hostInfo: Handler = () => ({
  system: {
    currentTime: new Date(),
    hostname: hostname(),
    cpuAddrSize: 64,
    memSizeMB: Math.floor(totalmem() / MIB),
    numCores: availableParallelism(),
    cpuArch: arch(),
  },
  os: { type: type(), name: type(), version: release() },
  extra: {},
});

interface Sizes {
  count: number;
  size: number;
  indexSizes: Record<string, number>;
  totalIndexSize: number;
}

/** What a collection holds, in bytes. The index on `_id` is the order of the documents themselves and takes no space of its own. */
const sizesOf = ({ catalogue }: Node, collection: CollectionInfo): Sizes => {
  const { documents: count, bytes: size } = catalogue.size(collection);
  const indexSizes = Object.fromEntries([
    ['_id_', 0],
    ...collection.indexes.map((index) => [index.name, catalogue.size(index).bytes] as const),
  ]);
  return { count, size, indexSizes, totalIndexSize: Object.values(indexSizes).reduce((sum, bytes) => sum + bytes, 0) };
};

const SCALE: ReadonlySet<string> = new Set(['scale', 'freeStorage']);

/** What collStats and $collStats say of a collection; `scale` is what sizes are divided by. */
export const statisticsOf = (node: Node, db: string, name: string, scale: number): Reply => {
  const collection = node.catalogue.find(db, name);
  const { count, size, indexSizes, totalIndexSize } = collection
    ? sizesOf(node, collection)
    : { count: 0, size: 0, indexSizes: {}, totalIndexSize: 0 };
  const scaled = (bytes: number) => Math.floor(bytes / scale);
  return {
    ns: `${db}.${name}`,
    size: scaled(size),
    count,
    ...(count > 0 && { avgObjSize: Math.floor(size / count) }),
    storageSize: scaled(size),
    freeStorageSize: 0,
    capped: false,
    nindexes: collection ? collection.indexes.length + 1 : 0,
    indexBuilds: collection?.indexes.filter(({ building }) => building).map((index) => index.name) ?? [],
    totalIndexSize: scaled(totalIndexSize),
    indexSizes: Object.fromEntries(Object.entries(indexSizes).map(([index, bytes]) => [index, scaled(bytes)])),
    totalSize: scaled(size + totalIndexSize),
    scaleFactor: scale,
  };
};

/** https://www.mongodb.com/docs/manual/reference/command/collStats/ */
export const collStats: Handler = ({ node, command }) => {
  command.allow(SCALE);
  return statisticsOf(node, command.db, command.collection(), command.integer('scale', 1) ?? 1);
};

/** https://www.mongodb.com/docs/manual/reference/command/dbStats/ */
export const dbStats: Handler = ({ node, command }) => {
  command.allow(SCALE);
  const scale = command.integer('scale', 1) ?? 1;
  const collections = node.catalogue.collections(command.db);
  const all = collections.map((collection) => sizesOf(node, collection));
  const sum = (of: (sizes: Sizes) => number) => all.reduce((total, sizes) => total + of(sizes), 0);
  const [objects, dataSize, indexSize] = [sum(({ count }) => count), sum(({ size }) => size), sum(({ totalIndexSize }) => totalIndexSize)];
  return {
    db: command.db,
    collections: collections.length,
    views: 0,
    objects,
    avgObjSize: new Double(objects === 0 ? 0 : dataSize / objects),
    dataSize: new Double(dataSize / scale),
    storageSize: new Double(dataSize / scale),
    indexes: collections.reduce((total, { indexes }) => total + indexes.length + 1, 0),
    indexSize: new Double(indexSize / scale),
    totalSize: new Double((dataSize + indexSize) / scale),
    scaleFactor: scale,
  };
};
