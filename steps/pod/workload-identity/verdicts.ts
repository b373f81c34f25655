import { type Assessment, type Evidence, fail, partial, pass, preconfigured, unknown } from '../../../src/model/assessment.ts';
import { clusterAt, type Facts, isAutomatic } from '../../../src/model/facts.ts';
import { clean } from '../../../src/model/foreign.ts';
import { placeName } from '../../shared/kube-objects.ts';
import { notShown } from '../../shared/pool-verdict.ts';
import { BINDING_LABEL, type PodIdentityUse, podIdentityUse } from './apps.ts';
import { ISSUER, issuerOn, POD_IDENTITY, podIdentityOn, WEBHOOK, webhookOn } from './changes.ts';

/** 16.1: the issuer and the webhook that gives pods their tokens. */
export function assessWorkload(facts: Facts): Assessment {
  if (isAutomatic(facts)) return preconfigured('AKS Automatic has workload identity and the OIDC issuer on.');
  const hidden = notShown(facts, ISSUER, '2022-09-01') ?? notShown(facts, WEBHOOK, '2023-01-01');
  if (hidden !== undefined) return hidden;
  const evidence = [
    { path: ISSUER, actual: clusterAt(facts, ISSUER), wanted: 'true' },
    { path: WEBHOOK, actual: clusterAt(facts, WEBHOOK), wanted: 'true' },
  ];
  if (issuerOn(facts) && webhookOn(facts)) return pass(...evidence);
  return issuerOn(facts) ? partial('the issuer is on, the webhook that gives pods their tokens is not', ...evidence) : fail(...evidence);
}

/** 16.2: the add-on, and what stands inside the cluster. */
export function assessPodIdentity(facts: Facts): Assessment {
  const hidden = notShown(facts, POD_IDENTITY, '2020-11-01');
  if (hidden !== undefined) return hidden;
  const addOn = { path: POD_IDENTITY, actual: clusterAt(facts, POD_IDENTITY), wanted: 'absent or false' };
  const used = podIdentityUse(facts);
  const inside = used.state === 'known' ? insideEvidence(used.value) : [];
  if (podIdentityOn(facts)) return fail(addOn, ...inside);
  if (used.state === 'unknown') {
    return unknown(`the add-on is off; whether somebody installed pod identity with Helm stands in Kubernetes, which was not read: ${clean(used.reason)}`);
  }
  return inside.length > 0 ? fail(...inside) : pass(addOn);
}

/** More than these are counted: an assessment is read by people. */
const MOST_SHOWN = 20;

function insideEvidence({ apps, objects }: PodIdentityUse): readonly Evidence[] {
  const all = [
    ...apps.map(({ workload, selector }) => ({
      path: `${clean(workload.kind)}/${placeName(workload)}`,
      actual: `label ${BINDING_LABEL}: ${clean(selector)}`,
      wanted: 'workload identity',
    })),
    ...objects.map((object) => ({ path: `${object.kind}/${placeName(object)}`, actual: 'an object of pod identity', wanted: 'none' })),
  ];
  const more = all.length - MOST_SHOWN;
  return more > 0 ? [...all.slice(0, MOST_SHOWN), { path: 'pod identity', actual: `and ${more} more`, wanted: 'none' }] : all;
}
