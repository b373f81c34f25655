/** How far a long list has come. */
export interface ReadProgress {
  /** The kind's plural, as the API server names it: `pods`. */
  readonly kind: string;
  readonly objects: number;
}

/** `4,500 pods so far.` */
export function soFarText({ kind, objects }: ReadProgress): string {
  return `${objects.toLocaleString('en')} ${kind} so far.`;
}
