import type { OutgoingNotice } from './channel.js';
import { DeliveryFailed, type Channel } from './channel.js';

export const notice: OutgoingNotice = {
  noticeId: '6b0d1f5a-5f6e-8c1d-9a53-1d2f6f3ab001',
  incidentId: 'INC0000123',
  eventId: '5a1d6a52-9c1b-8a4e-8f8f-2c5bb6b5d005',
  eventType: 'IncidentResolved',
  occurredAt: '2026-01-05T10:52:00.000Z',
  kind: 'update',
  to: 'lena@example.org',
  subject: 'Does it work again? INC0000123',
  text: 'We have resolved your incident.',
};

/** How sending failed. */
export const failureOf = async (channel: Channel, more: Partial<OutgoingNotice> = {}): Promise<DeliveryFailed> => {
  const error: unknown = await channel.send({ ...notice, ...more }).then(
    () => new Error('it was sent'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeliveryFailed)) throw error;
  return error;
};
