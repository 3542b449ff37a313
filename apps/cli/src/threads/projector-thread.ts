import type { OnInterruption } from '#adapters/event-store';
import { ViewHalted, type Halt, type ProjectorObserver, type ViewStatus } from '../../../projector/src/index.js';
import type { Site } from '../composition/site.js';
import { hearCommits } from './commits.js';
import { RoleThread } from './role-thread.js';

/** A view that cannot take an event, as the thread tells it. */
export type Halted = Readonly<{ view: string; halt: Halt }>;

/** The projector on a thread of its own. */
export class ProjectorThread extends RoleThread<ProjectorObserver, undefined> {
  constructor(site: Site, onInterruption?: OnInterruption) {
    super(new URL('./run-projector.js', import.meta.url), site, onInterruption);
    hearCommits(site.models);
  }

  /** Starts, once; does not wait for anything. */
  start(): void {
    this.begin();
  }

  /** Every view, as it is now. */
  status(): Promise<readonly ViewStatus[]> {
    return this.ask('status');
  }

  /** Resolves once every view can be read, or is halted. */
  ready(): Promise<void> {
    return this.ask('ready');
  }

  /**
   * Resolves once every view has every event up to this position.
   * @throws ViewHalted when one of them cannot get there
   */
  async reach(position: bigint): Promise<void> {
    const halted = await this.ask<Halted | undefined>('reach', position);
    if (halted) throw new ViewHalted(halted.view, halted.halt);
  }
}
