/**
 * Escape sequences (CSI, OSC, DCS and friends, in 7-bit and 8-bit form), so that what they carried goes with them.
 */
const sequences = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
/** Line ends and tabs, in every spelling that a terminal or a viewer may honour. */
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** C0, DEL, C1; bidi controls and isolates; zero-width and other invisible marks; tag characters; interlinear marks. */
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * Foreign text made fit for a screen or a line of a file: one line, nothing that moves a cursor, hides or reorders (DESIGN law 9).
 * Names, tags and messages from Azure and Kubernetes pass through here before anybody sees them.
 */
export function clean(foreign: string): string {
  return foreign.replace(sequences, '').replace(breaks, ' ').replace(invisible, '');
}

/** The same for any value: strings cleaned, everything else as JSON, cut to `most` characters with an ellipsis. */
export function cleanValue(value: unknown, most = 200): string {
  const shown = value === undefined ? '(not set)' : typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const one = clean(shown);
  return one.length > most ? `${one.slice(0, most - 1)}…` : one;
}
