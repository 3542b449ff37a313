import { versionAt, type EffectiveDated, type Version } from '#kernel';
import { DEFAULT_NOTICE_TEMPLATES } from './default-templates.js';
import type { Occasion } from './occasions.js';
import type { NoticeTemplate } from './template.js';

/**
 * The template by which a site words an occasion at an instant: its own, or the default one, as version 0, where it has never said any.
 * `undefined`: it has taken its own out of use, and says nothing on that occasion.
 */
export const templateInForce = (
  occasion: Occasion,
  said: EffectiveDated<NoticeTemplate> | undefined,
  instant: string,
): Version<NoticeTemplate> | undefined =>
  said ? versionAt(said, instant) : { version: 0, effectiveFrom: instant, definition: DEFAULT_NOTICE_TEMPLATES[occasion] };
