export * from './channel.js';
export * from './console-channel.js';
export { isMailAddress } from './mail-address.js';
export { mailChannel, type MailSettings } from './mail-channel.js';
export * from './webhook-channel.js';
export * from './webhook-endpoint.js';
