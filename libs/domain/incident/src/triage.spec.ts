import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '#kernel';
import { deciderSpec } from '#testing';
import { assign } from './assign-incident.js';
import { categorize, type CategorizeIncident } from './categorize-incident.js';
import { escalate } from './escalate-incident.js';
import { assigned, incidentId, LATER, NOW, reported } from './histories.fixture.js';
import { incidentDecider, initialState, type IncidentEvent } from './incident.js';
import { prioritize, type PrioritizeIncident } from './prioritize-incident.js';
import { DEFAULT_PRIORITY_MATRIX as matrix } from './priority-matrix.js';
import { report } from './report-incident.js';

describe('report', () => {
  const given = deciderSpec({ decide: report, ...incidentDecider });
  const command = { incidentId, title: 'No mail', reporter: 'lena.peeters', channel: 'portal', now: NOW } as const;

  it('writes down what was said, and nothing else', () =>
    given()
      .when({ ...command, description: '', configurationItems: [], service: 'mail' })
      .then({
        type: 'IncidentReported',
        data: { incidentId, title: 'No mail', reporter: 'lena.peeters', channel: 'portal', service: 'mail' },
      }));
  it('does not believe in detections from the future', () =>
    given()
      .when({ ...command, detectedAt: LATER })
      .thenRefused('DETECTED_IN_FUTURE'));
  it('forgives another system a clock that runs half a minute ahead', () =>
    expect(report({ ...command, detectedAt: '2026-01-05T09:00:30.000Z' }, initialState)).toHaveLength(1));
});

describe('categorize', () => {
  const given = deciderSpec({ decide: categorize, ...incidentDecider });
  const network: CategorizeIncident = { incidentId, category: 'Network', subcategory: 'Firewall', by: 'person' };
  const guess: CategorizeIncident = { ...network, by: 'model', confidence: 0.9 };
  const categorized = (data: CategorizeIncident): IncidentEvent => ({ type: 'IncidentCategorized', data });

  it('has nothing to do where it is sorted so', () => given(reported, categorized(network)).when(network).thenNothing());
  it('has nothing to do where a model repeats a person', () => given(reported, categorized(network)).when(guess).thenNothing());
  it('records that a person confirms a model', () => given(reported, categorized(guess)).when(network).then(categorized(network)));
  it('lets a model change its mind', () =>
    given(reported, categorized(guess))
      .when({ ...guess, subcategory: 'DNS' })
      .then(categorized({ ...guess, subcategory: 'DNS' })));
  it('lets no model overrule a person', () =>
    given(reported, categorized(network))
      .when({ ...guess, category: 'Mail' })
      .thenRefused('CATEGORIZED_BY_PERSON'));
  it('takes the category away', () =>
    given(reported, categorized(network))
      .when({ ...network, category: null, subcategory: null })
      .then(categorized({ ...network, category: null, subcategory: null })));
  it('needs a category above a subcategory', () =>
    given(reported)
      .when({ ...network, category: null })
      .thenRefused('SUBCATEGORY_WITHOUT_CATEGORY'));
  it.each([
    { by: 'person', confidence: 1 },
    { by: 'model', confidence: 1.01 },
    { by: 'model', confidence: -0.01 },
    { by: 'model', confidence: NaN },
  ] as const)('does not take a confidence of $confidence from a $by', (more) =>
    given(reported)
      .when({ ...network, ...more })
      .thenRefused('CONFIDENCE_INVALID'),
  );
});

describe('prioritize', () => {
  const given = deciderSpec({ decide: prioritize, ...incidentDecider });
  const command: PrioritizeIncident = { incidentId, impact: 'medium', urgency: 'medium', matrix };
  const rated = { incidentId, impact: 'medium', urgency: 'medium', risks: [], priority: 'P3', matrixVersion: 'default-1' };
  const prioritized = (more: object = {}) => ({ type: 'IncidentPrioritized', data: { ...rated, ...more } }) as IncidentEvent;

  it('takes the priority from the matrix', () => given(reported).when(command).then(prioritized()));
  it('has nothing to do where it is rated so', () => given(reported, prioritized()).when(command).thenNothing());
  it('counts a risk once, in whatever order they come', () =>
    given(reported, prioritized({ risks: ['financial', 'security'], priority: 'P2' }))
      .when({ ...command, risks: ['security', 'financial', 'security'] })
      .thenNothing());
  it('records the same priority for another urgency', () =>
    given(reported, prioritized())
      .when({ ...command, impact: 'low', urgency: 'high' })
      .then(prioritized({ impact: 'low', urgency: 'high' })));
  it('is overridden with a reason', () =>
    given(reported)
      .when({ ...command, override: { priority: 'P1', reason: ' The board meets ' } })
      .then(prioritized({ priority: 'P1', override: { reason: 'The board meets', matrixPriority: 'P3' } })));
  it('is not overridden without', () =>
    given(reported)
      .when({ ...command, override: { priority: 'P1', reason: '  ' } })
      .thenRefused('OVERRIDE_WITHOUT_REASON'));
  it('is not overridden by what the matrix says anyway', () =>
    given(reported)
      .when({ ...command, override: { priority: 'P3', reason: 'Just to be sure' } })
      .then(prioritized()));
  it('is rated by the matrix again once the override is left out', () =>
    given(reported, prioritized({ priority: 'P1', override: { reason: 'The board meets', matrixPriority: 'P3' } }))
      .when(command)
      .then(prioritized()));
  it('says which levels there are', () => {
    const ask = () => prioritize({ ...command, impact: 'huge', urgency: 'soon' }, incidentDecider.evolve(initialState, reported));
    const message = 'is one of high, medium, low';
    expect(ask).toThrow(InvalidInput);
    expect(ask).toThrow(
      expect.objectContaining({
        code: 'PRIORITY_LEVEL_UNKNOWN',
        faults: [
          { field: 'impact', message },
          { field: 'urgency', message },
        ],
      }),
    );
  });
  it('is not overridden to a priority that there is not', () =>
    given(reported)
      .when({ ...command, override: { priority: 'P0', reason: 'Really' } })
      .thenRefused('PRIORITY_LEVEL_UNKNOWN'));
});

describe('assign', () => {
  const given = deciderSpec({ decide: assign, ...incidentDecider });
  const nobody = { incidentId, team: null, agent: null, why: 'person' } as const;

  it('has nothing to do where they have it', () =>
    given(reported, assigned).when({ incidentId, team: 'network', agent: 'tom.maes', why: 'on-call' }).thenNothing());
  it('takes it back', () => given(reported, assigned).when(nobody).then({ type: 'IncidentAssigned', data: nobody }));
  it('has nothing to take back from nobody', () => given(reported).when(nobody).thenNothing());
});

describe('escalate', () => {
  const given = deciderSpec({ decide: escalate, ...incidentDecider });
  const up = { incidentId, reason: 'It takes more' } as const;

  it('hands over to the team that knows more', () =>
    given(reported, assigned)
      .when({ ...up, kind: 'functional', to: 'network-experts' })
      .then(
        { type: 'IncidentEscalated', data: { ...up, kind: 'functional', from: 'network', to: 'network-experts' } },
        { type: 'IncidentAssigned', data: { incidentId, team: 'network-experts', agent: null, why: 'escalation' } },
      ));
  it('leaves it where it is when a manager is told', () =>
    given(reported, assigned)
      .when({ ...up, kind: 'hierarchical', to: 'an.claes' })
      .then({ type: 'IncidentEscalated', data: { ...up, kind: 'hierarchical', from: 'network', to: 'an.claes' } }));
  it('does not go to the team that has it', () =>
    given(reported, assigned)
      .when({ ...up, kind: 'functional', to: 'network' })
      .thenRefused('ESCALATION_TO_SAME_TEAM'));
});
