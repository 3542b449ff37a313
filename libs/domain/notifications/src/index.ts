export * from './attempt-notice.js';
export * from './back-off.js';
export * from './combine-notice.js';
export * from './compose-notice.js';
export * from './confirmation-links.js';
export * from './default-templates.js';
export * from './digest.js';
export * from './example-facts.js';
export * from './limits.js';
export {
  digestIdOf,
  isCombinable,
  nextInstant,
  NOTICE_CHANNELS,
  NOTICE_KINDS,
  NOTICE_STATUSES,
  NOTICE_STREAM_PREFIX,
  noticeCatalogue,
  noticeDecider,
  noticeIdOf,
  noticeStream,
  recipientKey,
  wasHeld,
} from './notice.js';
export type * from './notice.js';
export * from './occasions.js';
export * from './preferences.js';
export * from './queue-notice.js';
export * from './record-outcome.js';
export * from './requeue-notice.js';
export * from './schedule.js';
export * from './template-in-force.js';
export * from './template.js';
