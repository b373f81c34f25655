import { clusterRef, type Facts } from '../model/facts.ts';
import { countControls, type StepVerdict } from '../model/verdicts.ts';

/** Raised when a field changes its meaning or goes. */
const CHECK_SCHEMA = 1;

/** The document of `check -o json` for one cluster. */
export function checkDocument(facts: Facts, verdicts: readonly StepVerdict[]): object {
  return {
    schemaVersion: CHECK_SCHEMA,
    cluster: clusterRef(facts),
    source: { ...facts.source, ...(facts.kubernetes ? { kubernetes: facts.kubernetes } : {}) },
    steps: verdicts.map(({ step, status, controls }) => ({
      id: step.id,
      pillar: step.pillar,
      title: step.title,
      status,
      controls: controls.map(({ control, assessment }) => ({
        id: control.id,
        title: control.title,
        severity: control.severity,
        status: assessment.status,
        evidence: 'evidence' in assessment ? assessment.evidence : [],
        ...('reason' in assessment ? { reason: assessment.reason } : 'note' in assessment && assessment.note ? { reason: assessment.note } : {}),
        references: control.references,
      })),
    })),
    summary: countControls(verdicts),
  };
}
