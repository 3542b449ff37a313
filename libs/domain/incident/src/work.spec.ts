import { describe, it } from '@jest/globals';
import { deciderSpec } from '#testing';
import { addNote } from './add-note.js';
import { attachFile } from './attach-file.js';
import { declareMajor } from './declare-major-incident.js';
import { STORY } from './golden.fixture.js';
import {
  acknowledged,
  closed,
  incidentId,
  LATER,
  linked,
  major,
  NOW,
  onHold,
  OTHER,
  reported,
  resolved,
  stoodDown,
} from './histories.fixture.js';
import { incidentDecider, type IncidentEvent } from './incident.js';
import { link } from './link-incident.js';
import { logWork } from './log-work.js';
import { postStakeholderUpdate } from './post-stakeholder-update.js';
import { putOnHold } from './put-on-hold.js';
import { resume } from './resume-incident.js';
import { standDown } from './stand-down-major-incident.js';
import { unlink } from './unlink-incident.js';

describe('addNote', () => {
  const given = deciderSpec({ decide: addNote, ...incidentDecider });
  const note = { incidentId, noteId: 'note-1', visibility: 'internal', text: 'Ask Tom' } as const;

  it('mentions everyone once', () =>
    given(reported)
      .when({ ...note, mentions: ['tom', 'an', 'tom'] })
      .then({ type: 'NoteAdded', data: { ...note, mentions: ['tom', 'an'] } }));
});

describe('attachFile', () => {
  const given = deciderSpec({ decide: attachFile, ...incidentDecider });
  it('attaches the same content once', () =>
    given(reported, { type: 'FileAttached', data: STORY.FileAttached })
      .when({ ...STORY.FileAttached, fileId: 'file-2', name: 'again.txt' })
      .thenNothing());
});

describe('putOnHold', () => {
  const given = deciderSpec({ decide: putOnHold, ...incidentDecider });
  const wait = { incidentId, reason: 'vendor', until: LATER, now: NOW } as const;

  it('has nothing to do where it waits so, however the instant is written', () =>
    given(reported, onHold)
      .when({ ...wait, until: '2026-01-05T11:00:00Z' })
      .thenNothing());
  it('waits for something else', () =>
    given(reported, onHold)
      .when({ ...wait, reason: 'caller' })
      .then({ type: 'IncidentPutOnHold', data: { incidentId, reason: 'caller', until: LATER } }));
  it('waits without an end', () =>
    given(reported, onHold)
      .when({ incidentId, reason: 'vendor', now: NOW })
      .then({ type: 'IncidentPutOnHold', data: { incidentId, reason: 'vendor' } }));
  it('does not wait until now', () =>
    given(reported)
      .when({ ...wait, until: NOW })
      .thenRefused('HOLD_ENDS_BEFORE_IT_BEGINS'));
});

describe('resume', () => {
  const given = deciderSpec({ decide: resume, ...incidentDecider });
  const withoutEnd: IncidentEvent = { type: 'IncidentPutOnHold', data: { incidentId, reason: 'caller' } };
  const timeUp = { incidentId, cause: 'time-up' } as const;

  it('goes on when the time is up', () =>
    given(reported, onHold)
      .when({ ...timeUp, now: LATER })
      .then({ type: 'IncidentResumed', data: timeUp }));
  it('is not ended by the clock of an earlier hold', () =>
    given(reported, onHold)
      .when({ ...timeUp, now: NOW })
      .thenRefused('HOLD_NOT_OVER'));
  it('is not ended by any clock where it has no end', () =>
    given(reported, withoutEnd)
      .when({ ...timeUp, now: LATER })
      .thenRefused('HOLD_NOT_OVER'));
});

describe('a major incident', () => {
  const declaring = deciderSpec({ decide: declareMajor, ...incidentDecider });
  const standingDown = deciderSpec({ decide: standDown, ...incidentDecider });
  const people = { incidentId, incidentManager: 'an.claes', communicationsLead: 'bart.wouters', reason: 'It grows' };

  it('is declared once with the same people', () => declaring(reported, major).when(people).thenNothing());
  it('is taken over by others', () =>
    declaring(reported, major)
      .when({ incidentId, incidentManager: 'an.claes', reason: 'Bart goes home' })
      .then({ type: 'MajorIncidentDeclared', data: { incidentId, incidentManager: 'an.claes', reason: 'Bart goes home' } }));
  it('is stood down once', () =>
    standingDown(reported, major, stoodDown).when({ incidentId, reason: 'Over' }).thenRefused('INCIDENT_NOT_MAJOR'));
});

describe('postStakeholderUpdate', () => {
  const given = deciderSpec({ decide: postStakeholderUpdate, ...incidentDecider });
  const update = { incidentId, updateId: 'update-1', audience: 'affected-users', text: 'It is over' } as const;

  it('has a last word after closure', () =>
    given(reported, resolved, closed)
      .when({ ...update, now: NOW })
      .then({ type: 'StakeholderUpdatePosted', data: update }));
  it('promises no further one then', () =>
    given(reported, resolved, closed)
      .when({ ...update, nextUpdateDueAt: LATER, now: NOW })
      .thenRefused('INCIDENT_CLOSED'));
  it('promises the next one for later', () =>
    given(reported)
      .when({ ...update, nextUpdateDueAt: NOW, now: NOW })
      .thenRefused('NEXT_UPDATE_NOT_LATER'));
});

describe('logWork', () => {
  const given = deciderSpec({ decide: logWork, ...incidentDecider });
  it('adds up in one currency only', () =>
    given(reported, acknowledged)
      .when({ ...STORY.WorkLogged, toolCost: { amount: 100, currency: 'USD' } })
      .thenRefused('CURRENCIES_DIFFER'));
});

describe('link and unlink', () => {
  const linking = deciderSpec({ decide: link, ...incidentDecider });
  const unlinking = deciderSpec({ decide: unlink, ...incidentDecider });
  const parent = { incidentId, kind: 'parent', target: OTHER } as const;

  it('has nothing to do where it is linked', () => linking(reported, linked('parent', OTHER)).when(parent).thenNothing());
  it('does not link an incident to itself', () =>
    linking(reported)
      .when({ ...parent, target: incidentId })
      .thenRefused('LINK_TO_ITSELF'));
  it.each(['parent', 'child'] as const)('knows nothing that is %s and its opposite', (kind) =>
    linking(reported, linked(kind === 'parent' ? 'child' : 'parent', OTHER))
      .when({ incidentId, kind, target: OTHER })
      .thenRefused('LINK_BOTH_WAYS'),
  );
  it('has one parent', () => linking(reported, linked('parent', 'INC0000001')).when(parent).thenRefused('LINK_SECOND_PARENT'));
  it('has as many children as there are', () =>
    linking(reported, linked('child', 'INC0000001')).when({ incidentId, kind: 'child', target: OTHER }).then(linked('child', OTHER)));
  it('gets another parent once the first is gone', () =>
    linking(reported, linked('parent', 'INC0000001'), {
      type: 'IncidentUnlinked',
      data: { incidentId, kind: 'parent', target: 'INC0000001', reason: 'Wrong one' },
    })
      .when(parent)
      .then(linked('parent', OTHER)));
  it('unlinks nothing that is not linked', () =>
    unlinking(reported, linked('child', OTHER))
      .when({ ...parent, reason: 'Wrong one' })
      .thenRefused('LINK_NOT_FOUND'));
});
