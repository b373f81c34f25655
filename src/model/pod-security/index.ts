export { admissionText, namespaceWarnings, reasonsOf } from './admission.ts';
export { edited, editsOf, mergePatch } from './edit.ts';
export { checks, evaluatePod, strictestLevel } from './evaluate.ts';
export { type Level, levels, type PodEdit, type PodTemplate, type Violation } from './pod.ts';
export { type FoundTemplate, fieldPrefix, podTemplateOf, templatePlace } from './pod-template.ts';
export { earliestMinor, latestMinor, minorOf } from './versions.ts';
