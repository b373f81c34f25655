/** The right that is missing, as ARM's own sentence names it. */
export interface MissingRight {
  readonly actions: readonly string[];
  readonly scope: string;
  /** The object id of who was refused, when it is told. */
  readonly principal?: string;
}

/** ARM's two sentences about a missing right. Only characters that actions and ids have: they end up in a suggested command. */
const refusals = [
  // LinkedAuthorizationFailed first: it also names what the principal does have.
  /does not have permission to perform action\(?s?\)? '(?<action>[\w./*,-]+)' on the linked scope\(s\) '(?<scope>[\p{L}\p{N}_/.() ,-]+)'/iu,
  /does not have authorization to perform action '(?<action>[\w./*-]+)' over scope '(?<scope>[\p{L}\p{N}_/.() -]+)'/iu,
  /does not have permission to perform action '(?<action>[\w./*-]+)'(?: (?:at|over|on) (?:the )?scope '(?<scope>[\p{L}\p{N}_/.() -]+)')?/iu,
  /required permission:? '?(?<action>[\w./*-]+\/(?:read|write|action|delete))'?/i,
];

/** The action and scope that an AuthorizationFailed or LinkedAuthorizationFailed message names; undefined when it names none. */
export function missingRight(message: string): MissingRight | undefined {
  for (const refusal of refusals) {
    const found = refusal.exec(message)?.groups;
    if (!found?.['action']) continue;
    const principal = /object id '([0-9a-f-]{36})'/i.exec(message)?.[1];
    return {
      actions: found['action'].split(',').filter((action) => action !== ''),
      scope: (found['scope'] ?? '').split(',')[0]?.trim() ?? '',
      ...(principal === undefined ? {} : { principal }),
    };
  }
  return undefined;
}
