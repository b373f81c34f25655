import { isObject, isTrue, type JsonObject, text } from '../model/json.ts';

/** Tag of a pool that keeps its nodes from asking the cluster for a serving certificate, until 2027-04-01 (AKS docs: certificate-rotation). */
const OPT_OUT = 'aks-disable-kubelet-serving-certificate-rotation';
/** When renewal had come to every region. */
const EVERYWHERE = '202507';

/** The month of a node image: `…-202604.07.0` of Linux, `….240911` of Windows. */
function monthOf(image: string): string {
  const linux = /-(\d{6})\.\d+\.\d+$/.exec(image)?.[1];
  const windows = /\.(\d{4})\d{2}$/.exec(image)?.[1];
  return linux ?? (windows === undefined ? '' : `20${windows}`);
}

/** The label that nodes carry whose serving certificate the cluster signs: Kubernetes 1.27 or later, made anew since renewal came, not opted out. */
export function servingLabel(pool: JsonObject, version: string): { readonly [label: string]: string } {
  const tags = isObject(pool['tags']) ? Object.entries(pool['tags']) : [];
  const out = tags.some(([key, value]) => key.toLowerCase() === OPT_OUT && isTrue(value));
  const minor = Number(version.split('.')[1]);
  const renews = !out && minor >= 27 && monthOf(text(pool['nodeImageVersion']) ?? '') >= EVERYWHERE;
  return renews ? { 'kubernetes.azure.com/kubelet-serving-ca': 'cluster' } : {};
}
