import { describe, it } from '@jest/globals';
import { deciderSpec } from '#testing';
import { cancel } from './cancel-incident.js';
import { close } from './close-incident.js';
import { confirmResolution } from './confirm-resolution.js';
import {
  cancelled,
  closed,
  confirmed,
  EARLIER,
  incidentId,
  LATER,
  major,
  NOW,
  OTHER,
  reopened,
  reported,
  REPORTER,
  resolved,
  stoodDown,
} from './histories.fixture.js';
import { incidentDecider, type IncidentEvent } from './incident.js';
import { reclassify } from './reclassify-incident.js';
import { rejectResolution } from './reject-resolution.js';
import { reopen } from './reopen-incident.js';
import { resolve } from './resolve-incident.js';

describe('resolve', () => {
  const given = deciderSpec({ decide: resolve, ...incidentDecider });
  const command = { incidentId, code: 'restored', fix: 'restore', notes: null, now: NOW } as const;

  it('brings back a new one in one breath', () => given(reported).when(command).then(resolved));
  it('was not restored in the future', () =>
    given(reported)
      .when({ ...command, restoredAt: LATER })
      .thenRefused('RESTORED_IN_FUTURE'));
});

describe('the reporter', () => {
  const confirming = deciderSpec({ decide: confirmResolution, ...incidentDecider });
  const rejecting = deciderSpec({ decide: rejectResolution, ...incidentDecider });
  const reason = 'It declines again';
  const rejected: IncidentEvent = { type: 'IncidentReopened', data: { incidentId, cause: 'rejected', reason } };
  const reporterCorrected: IncidentEvent = {
    type: 'FactCorrected',
    data: {
      incidentId,
      eventId: 'event-0',
      eventRevision: 0,
      eventType: 'IncidentReported',
      fact: 'reporter',
      was: REPORTER,
      is: 'lena.peters',
      reason: 'A namesake',
      approvedBy: 'an.claes',
    },
  };

  it('confirms', () => confirming(reported, resolved).when({ incidentId, by: REPORTER }).then(confirmed));
  it('is also the one it was reported for', () => confirming(reported, resolved).when({ incidentId, by: 'store-leuven' }).then(confirmed));
  it('is nobody else', () => confirming(reported, resolved).when({ incidentId, by: 'tom.maes' }).thenRefused('NOT_THE_REPORTER'));
  it('is the one that was corrected', () => {
    confirming(reported, resolved, reporterCorrected).when({ incidentId, by: 'lena.peters' }).then(confirmed);
    confirming(reported, resolved, reporterCorrected).when({ incidentId, by: REPORTER }).thenRefused('NOT_THE_REPORTER');
  });
  it('confirms once', () => confirming(reported, resolved, confirmed).when({ incidentId, by: REPORTER }).thenNothing());
  it('confirms each resolution anew', () =>
    confirming(reported, resolved, confirmed, reopened, resolved).when({ incidentId, by: REPORTER }).then(confirmed));
  it('rejects, even after confirming', () =>
    rejecting(reported, resolved, confirmed).when({ incidentId, by: REPORTER, reason }).then(rejected));
  it('alone rejects', () => rejecting(reported, resolved).when({ incidentId, by: 'tom.maes', reason }).thenRefused('NOT_THE_REPORTER'));
});

describe('close', () => {
  const given = deciderSpec({ decide: close, ...incidentDecider });
  const command = { incidentId, code: 'solved' } as const;

  it('is an agent’s to decide, confirmed or not', () =>
    given(reported, resolved)
      .when({ ...command, how: 'agent' })
      .then(closed));
  it('is confirmed where the reporter did', () =>
    given(reported, resolved, confirmed)
      .when({ ...command, how: 'confirmed' })
      .then({ type: 'IncidentClosed', data: { ...command, how: 'confirmed' } }));
  it('is not confirmed where they did not', () =>
    given(reported, resolved)
      .when({ ...command, how: 'confirmed' })
      .thenRefused('RESOLUTION_NOT_CONFIRMED'));
  it('is not confirmed by what they said of an earlier resolution', () =>
    given(reported, resolved, confirmed, reopened, resolved)
      .when({ ...command, how: 'confirmed' })
      .thenRefused('RESOLUTION_NOT_CONFIRMED'));
  it('says how many days elapsed', () => {
    given(reported, resolved)
      .when({ ...command, how: 'elapsed' })
      .thenRefused('CLOSURE_DAYS_INVALID');
    given(reported, resolved)
      .when({ ...command, how: 'agent', afterDays: 5 })
      .thenRefused('CLOSURE_DAYS_INVALID');
    given(reported, resolved)
      .when({ ...command, how: 'elapsed', afterDays: 0 })
      .then({ type: 'IncidentClosed', data: { ...command, how: 'elapsed', afterDays: 0 } });
  });
  it('takes that the emergency is over', () => {
    given(reported, major, resolved)
      .when({ ...command, how: 'agent' })
      .thenRefused('INCIDENT_STILL_MAJOR');
    given(reported, major, resolved, stoodDown)
      .when({ ...command, how: 'agent' })
      .then(closed);
  });
});

describe('reopen', () => {
  const given = deciderSpec({ decide: reopen, ...incidentDecider });
  const command = { incidentId, cause: 'recurred', reason: 'Again', reopenableUntil: NOW, now: NOW } as const;

  it('takes a closed one up again until its window is over, inclusive', () => {
    given(reported, resolved, closed)
      .when(command)
      .then({ type: 'IncidentReopened', data: { incidentId, cause: 'recurred', reason: 'Again' } });
    given(reported, resolved, closed)
      .when({ ...command, now: LATER })
      .thenRefused('REOPEN_WINDOW_OVER');
    given(reported, resolved, closed)
      .when({ ...command, reopenableUntil: null, now: LATER })
      .then({ type: 'IncidentReopened', data: { incidentId, cause: 'recurred', reason: 'Again' } });
  });
  it('takes a resolved one up again whatever the window says', () =>
    given(reported, resolved)
      .when({ ...command, reopenableUntil: EARLIER })
      .then({ type: 'IncidentReopened', data: { incidentId, cause: 'recurred', reason: 'Again' } }));
});

describe('cancel and reclassify', () => {
  const given = deciderSpec({ decide: cancel, ...incidentDecider });
  const command = { incidentId, cause: 'duplicate', reason: 'The same outage' } as const;

  it('is a duplicate of another one', () => {
    given(reported).when(command).thenRefused('DUPLICATE_OF_INVALID');
    given(reported)
      .when({ ...command, duplicateOf: incidentId })
      .thenRefused('DUPLICATE_OF_INVALID');
    given(reported)
      .when({ ...command, cause: 'mistake', duplicateOf: OTHER })
      .thenRefused('DUPLICATE_OF_INVALID');
  });
  it('ends it', () => given(reported).when({ incidentId, cause: 'mistake', reason: 'A drill' }).then(cancelled));
  it('takes that the emergency is over', () => {
    given(reported, major)
      .when({ ...command, duplicateOf: OTHER })
      .thenRefused('INCIDENT_STILL_MAJOR');
    deciderSpec({ decide: reclassify, ...incidentDecider })(reported, major)
      .when({ incidentId, serviceRequest: 'REQ0000077', reason: 'Asks for a terminal' })
      .thenRefused('INCIDENT_STILL_MAJOR');
  });
});
