import type { UseCase } from '../use-case.js';
import { acknowledgeIncident } from './acknowledge-incident.js';
import { addNote } from './add-note.js';
import { applyWorkaround } from './apply-workaround.js';
import { assignIncident } from './assign-incident.js';
import { attachFile } from './attach-file.js';
import { cancelIncident } from './cancel-incident.js';
import { categorizeIncident } from './categorize-incident.js';
import { closeIncident } from './close-incident.js';
import { confirmResolution } from './confirm-resolution.js';
import { correctFact } from './correct-fact.js';
import { declareMajorIncident } from './declare-major-incident.js';
import { escalateIncident } from './escalate-incident.js';
import { linkIncident } from './link-incident.js';
import { logWork } from './log-work.js';
import { postStakeholderUpdate } from './post-stakeholder-update.js';
import { prioritizeIncident } from './prioritize-incident.js';
import { putOnHold } from './put-on-hold.js';
import { reclassifyIncident } from './reclassify-incident.js';
import { recordDiagnosis } from './record-diagnosis.js';
import { rejectResolution } from './reject-resolution.js';
import { reopenIncident } from './reopen-incident.js';
import { resolveIncident } from './resolve-incident.js';
import { resumeIncident } from './resume-incident.js';
import { standDownMajorIncident } from './stand-down-major-incident.js';
import { unlinkIncident } from './unlink-incident.js';

/** Everything that can be asked of an incident, in the order of its life. Reporting one is apart: it has no number yet. */
export const useCases: readonly UseCase[] = [
  categorizeIncident,
  prioritizeIncident,
  acknowledgeIncident,
  assignIncident,
  escalateIncident,
  addNote,
  attachFile,
  recordDiagnosis,
  applyWorkaround,
  putOnHold,
  resumeIncident,
  declareMajorIncident,
  standDownMajorIncident,
  postStakeholderUpdate,
  logWork,
  linkIncident,
  unlinkIncident,
  resolveIncident,
  confirmResolution,
  rejectResolution,
  closeIncident,
  reopenIncident,
  cancelIncident,
  reclassifyIncident,
  correctFact,
];
