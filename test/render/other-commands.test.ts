import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { commandsOf, requestOf } from '../../src/render/index.ts';
import { diagnostic, others, rule, window } from './other-cases.ts';
import { edited, shorts } from './words.ts';

describe('other changes as commands', () => {
  it.each(others)('%s', (_name, change, commands) => {
    expect(shorts(change)).toEqual(commands);
  });

  it('puts JSON into files, never into arguments', () => {
    expect(commandsOf(diagnostic)[0]?.files).toEqual({ 'logs.json': `${JSON.stringify([{ category: 'guard', enabled: true }], null, 2)}\n` });
    expect(commandsOf(window)[0]?.files).toEqual({ 'window.json': `${JSON.stringify(window.body, null, 2)}\n` });
    expect(commandsOf(rule)[0]?.files).toEqual({ 'body.json': `${JSON.stringify(rule.body, null, 2)}\n` });
  });

  it('talks to Graph through az', () => {
    const change: Change = { ...edited(), kind: 'graph', method: 'POST', path: '/groups/g/members/$ref', body: { '@odata.id': 'x' } };
    expect(shorts(change)).toEqual([
      'az rest --method post --url https://graph.microsoft.com/v1.0/groups/g/members/$ref --body @body.json --headers Content-Type=application/json --output none',
    ]);
    expect(requestOf(change)).toEqual({ method: 'POST', url: '/v1.0/groups/g/members/$ref', body: { '@odata.id': 'x' } });
  });
});
