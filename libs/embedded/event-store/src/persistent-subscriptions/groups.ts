import type { EventLog } from '../log/event-log.js';
import type { Writing } from '../log/writing.js';
import { checkpointStream, parkedStream } from './bookkeeping.js';
import { loadGroups, saveGroups } from './config.js';
import { groupDropped, groupExists, groupFailed, groupNotFound } from './errors.js';
import { defineGroup, Group, type GroupDefinition } from './group.js';
import { faultOf, type GroupSettings, type GroupSource } from './settings.js';

const TICK_MS = 1_000;

const keyOf = (streamName: string, groupName: string): string => `${streamName}::${groupName}`;

/** All persistent subscriptions of a node. What changes is on disk before it is answered; changes go one after another. */
export class Groups {
  private readonly groups = new Map<string, Group>();
  private changes: Promise<void> = Promise.resolve();
  private readonly ticking: NodeJS.Timeout;

  constructor(
    private readonly log: EventLog,
    private readonly writing: Writing,
    private readonly onFault: (error: Error) => void,
  ) {
    this.load();
    this.ticking = setInterval(() => {
      for (const group of this.groups.values()) group.tick();
    }, TICK_MS).unref();
  }

  /** @throws RpcError persistent-subscription-does-not-exist */
  get(streamName: string, groupName: string): Group {
    const group = this.groups.get(keyOf(streamName, groupName));
    if (!group) throw groupNotFound(streamName, groupName);
    return group;
  }

  /** Those of one stream, or all. @throws RpcError persistent-subscription-does-not-exist where a stream has none */
  list(streamName?: string): readonly Group[] {
    const groups = [...this.groups.values()].filter(({ definition }) => !streamName || definition.source.streamName === streamName);
    if (streamName !== undefined && groups.length === 0) throw groupNotFound(streamName, '');
    return groups;
  }

  /** @throws RpcError persistent-subscription-exists, persistent-subscription-failed for settings that cannot be */
  create(groupName: string, source: GroupSource, settings: GroupSettings, by: string): Promise<void> {
    const { streamName } = source;
    return this.change(async () => {
      if (this.groups.has(keyOf(streamName, groupName))) throw groupExists(streamName, groupName);
      this.check(streamName, groupName, settings);
      const definition = defineGroup(this.log, groupName, source, settings);
      await this.save([...this.definitions(), definition], by);
      this.start(definition);
    });
  }

  /** Drops who is connected, and goes on from the checkpoint with other settings; the filter stays. @throws RpcError */
  update(streamName: string, groupName: string, settings: GroupSettings, by: string): Promise<void> {
    return this.change(async () => {
      const group = this.get(streamName, groupName);
      this.check(streamName, groupName, settings);
      const { definition } = group;
      // an end is where it was when the group was made: nothing that came since is passed over
      const staysAtEnd = settings.startFrom === 'end' && definition.settings.startFrom === 'end';
      const updated = staysAtEnd ? { ...definition, settings } : defineGroup(this.log, groupName, definition.source, settings);
      await this.save(
        this.definitions().map((other) => (other === definition ? updated : other)),
        by,
      );
      await group.stop(groupDropped(streamName, groupName));
      this.start(updated);
    });
  }

  /** Drops who is connected, and forgets how far the group was and what it parked. @throws RpcError */
  delete(streamName: string, groupName: string, by: string): Promise<void> {
    return this.change(async () => {
      const group = this.get(streamName, groupName);
      await this.save(
        this.definitions().filter((other) => other !== group.definition),
        by,
      );
      this.groups.delete(keyOf(streamName, groupName));
      await group.stop(groupDropped(streamName, groupName));
      for (const own of [checkpointStream(streamName, groupName), parkedStream(streamName, groupName)]) {
        if (this.log.lastRevision(own) >= 0) await this.writing.delete(own, 'any');
      }
    });
  }

  /** Drops all who are connected, and begins again from what is on disk. */
  restart(): Promise<void> {
    return this.change(async () => {
      await this.stopAll();
      this.load();
    });
  }

  /** Ends all groups; how far they are is on disk when it resolves. */
  async stop(): Promise<void> {
    clearInterval(this.ticking);
    await this.change(() => this.stopAll());
  }

  private async stopAll(): Promise<void> {
    const groups = [...this.groups.values()];
    this.groups.clear();
    await Promise.all(groups.map((group) => group.stop(groupDropped(group.definition.source.streamName, group.definition.groupName))));
  }

  private load(): void {
    for (const definition of loadGroups(this.log)) this.start(definition);
  }

  private start(definition: GroupDefinition): void {
    this.groups.set(keyOf(definition.source.streamName, definition.groupName), new Group(this.log, this.writing, definition, this.onFault));
  }

  private definitions(): readonly GroupDefinition[] {
    return [...this.groups.values()].map(({ definition }) => definition);
  }

  private check(streamName: string, groupName: string, settings: GroupSettings): void {
    const fault = faultOf(settings);
    if (fault !== undefined) throw groupFailed(streamName, groupName, fault);
  }

  private save(definitions: readonly GroupDefinition[], by: string): Promise<void> {
    return saveGroups(this.writing, definitions, by);
  }

  private change(work: () => Promise<void>): Promise<void> {
    const done = this.changes.then(work);
    this.changes = done.catch(() => undefined);
    return done;
  }
}
