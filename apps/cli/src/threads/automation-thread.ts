import type { OnInterruption } from '#adapters/event-store';
import type { AutomationObserver } from '../../../automation/src/index.js';
import type { Site } from '../composition/site.js';
import { RoleThread } from './role-thread.js';

/** `publicUrl`: where reporters reach the API, for the links by which they answer; absent, and there are none. */
export type AutomationBegin = Readonly<{ publicUrl?: string }>;

/** The automation role on a thread of its own. */
export class AutomationThread extends RoleThread<AutomationObserver, AutomationBegin> {
  constructor(site: Site, onInterruption?: OnInterruption) {
    super(new URL('./run-automation.js', import.meta.url), site, onInterruption);
  }
}
