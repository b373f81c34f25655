import { generate } from 'selfsigned';

/** A certificate authority made for one run, and a certificate for this machine's loopback addresses. All PEM. */
export interface LoopbackCertificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

const DAYS = 7;
const until = (from: Date): Date => new Date(from.getTime() + DAYS * 86_400_000);

/** Makes a fresh authority and a certificate for localhost. The authority's key is thrown away, so nothing else can be signed by it. */
export async function loopbackCertificates(now = new Date()): Promise<LoopbackCertificates> {
  const validity = { notBeforeDate: new Date(now.getTime() - 86_400_000), notAfterDate: until(now) };
  const root = await generate([{ name: 'commonName', value: 'aks-harden practice authority' }], {
    ...validity,
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const leaf = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...validity,
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: root.private, cert: root.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { authority: root.cert, certificate: leaf.cert, key: leaf.private };
}
