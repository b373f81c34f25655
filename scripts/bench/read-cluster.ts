/** Reads everything inside a cluster through kubectl and prints what it came to. Run by the bench in a process of its own. */
import { createKubectlGateway } from '../../src/kubernetes/kubectl.ts';
import { readCounted } from './read-counted.ts';

const [kubeconfig = '', host = ''] = process.argv.slice(2);
const read = await readCounted(createKubectlGateway({ hosts: [host], kubeconfig, entra: false }));
process.stdout.write(`${JSON.stringify(read)}\n`);
