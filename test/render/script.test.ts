import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, KubeApply, KubePatch, ManualChange } from '../../src/model/change.ts';
import type { Plan } from '../../src/model/plan.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { undoPlan } from '../../src/plan/undo.ts';
import { commandsOf } from '../../src/render/index.ts';
import { script } from '../../src/render/script.ts';
import { choose, edit, facts, image, pool, put, step, update } from '../plan/build.ts';
import { readPwsh } from './read-pwsh.ts';
import { isSetup, runScript } from './run-script.ts';

const base = update('a/x', []);
const { edits: _edits, target: _target, kind: _kind, ...common } = base;
const namespace: KubeApply = {
  ...common,
  id: 'k/apply',
  step: 'k',
  kind: 'kube.apply',
  objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web', annotations: { note: "it's\nEND\n$HOME" } } }],
  before: [],
};
const label: KubePatch = {
  ...common,
  id: 'k/label',
  step: 'k',
  kind: 'kube.patch',
  object: { apiVersion: 'v1', kind: 'Namespace', name: 'web' },
  patch: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted', old: null } } },
  before: {},
};
const policy: KubePatch = {
  ...label,
  id: 'k/patch',
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'web', name: 'shop' },
  patch: { spec: { replicas: 2 } },
};
const manual: ManualChange = {
  ...common,
  id: 'm/x',
  step: 'm',
  kind: 'manual',
  title: 'Ask the network team',
  instructions: ['Open port 443\nrm -rf /'],
  doneWhen: 'the port is open',
};

const all: readonly Change[] = [
  update(
    'a/x',
    [
      edit('properties.disableLocalAccounts', true),
      edit('properties.securityProfile.defender', { securityMonitoring: { enabled: true }, logAnalyticsWorkspaceResourceId: "/w's" }),
    ],
    {
      reversible: { kind: 'no', how: 'there is no way back' },
    },
  ),
  put('b/logs', { body: { properties: { workspaceId: '/w', logs: [{ category: 'guard', enabled: true }] } } }),
  namespace,
  label,
  policy,
  manual,
  image('z/np1', 'np1'),
];
const planOf = (changes: readonly Change[]): Plan => {
  const ids = [...new Set(changes.map((change) => change.step))];
  return makePlan(
    facts,
    ids.map((id) =>
      step(
        id,
        changes.filter((change) => change.step === id),
      ),
    ),
    choose(...ids),
  );
};
const options = { shell: 'bash', version: '1.2.3', readAt: '2026-08-01T00:00:00Z' } as const;

const changed = ({ calls }: Pick<ReturnType<typeof runScript>, 'calls'>) => calls.filter(({ argv }) => !isSetup(argv));

/** Plans that need a recent az, and one of its extensions. */
const recent = planOf([update('a/vnet', [edit('properties.apiServerAccessProfile.enableVnetIntegration', true)])]);
const preview = planOf([update('a/ssh', [edit('properties.securityProfile.sshAccess', 'Disabled')], { target: pool('np1') })]);

describe('a bash script', () => {
  const plan = planOf(all);
  const text = script(plan, options);

  it('hands every command to its program exactly as it is planned, with its files and its input', () => {
    const { status, calls, stderr } = runScript(text);
    expect(stderr).toBe('Signed in to tenant tenant-1\n');
    expect(status).toBe(0);
    const planned = plan.changes.flatMap(({ change }) => commandsOf(change));
    const made = changed({ calls });
    expect(made.map(({ argv }) => argv)).toEqual(planned.map(({ argv }) => argv));
    planned.forEach((command, i) => {
      expect(made[i]?.files).toMatchObject(command.files ?? {});
      expect(made[i]?.stdin).toBe(command.stdin ?? '');
    });
  });

  it('looks whether az is signed in before anything else, and gives kubectl this cluster and no other', () => {
    const calls = runScript(text).calls.map(({ argv }) => argv);
    expect(calls[0]?.slice(0, 3)).toEqual(['az', 'account', 'show']);
    const first = calls.findIndex(([program]) => program === 'kubectl');
    expect(calls.slice(first - 2, first).map((argv) => argv.slice(0, 3).join(' '))).toEqual(['az aks get-credentials', 'kubelogin convert-kubeconfig -l']);
  });

  it('gives kubectl new credentials after each change in Azure, because that may have ended the old ones', () => {
    const label = (id: string) => all.find(({ kind }) => kind === 'kube.patch') ?? expect.unreachable(id);
    const azure = update('a/ranges', [edit('properties.apiServerAccessProfile.authorizedIPRanges', ['8.8.8.8/32'])]);
    const mixed = planOf([
      { ...label('one'), id: 'b/1' },
      { ...label('two'), id: 'b/2', after: ['b/1'] },
      { ...azure, after: ['b/2'] },
      { ...label('three'), id: 'b/3', after: [azure.id] },
    ]);
    const programs = runScript(script(mixed, options)).calls.map(({ argv: [program, group, verb] }) => (program === 'az' ? `az ${group} ${verb}` : program));
    expect(programs.filter((one, i) => one !== programs[i - 1])).toEqual([
      'az account show',
      'az aks get-credentials',
      'kubelogin',
      'kubectl',
      'az aks update',
      'az aks get-credentials',
      'kubelogin',
      'kubectl',
    ]);
  });

  it('stops when az is signed in to another tenant, and at the first error', () => {
    const elsewhere = runScript(script(plan, { ...options, tenant: 'tenant-2' }));
    expect(elsewhere.status).toBe(1);
    expect(changed(elsewhere)).toEqual([]);
    expect(elsewhere.stderr).toContain('az login --tenant');
    const nowhere = runScript(script(plan, { ...options, tenant: 'tenant-2' }), { FAIL: 'account show' });
    expect(nowhere.status).toBe(1);
    expect(changed(nowhere)).toEqual([]);
    expect(nowhere.stderr).toContain('az is not signed in, or not to subscription 00000000-0000-0000-0000-000000000001. Sign in: az login --tenant tenant-2');
    const failed = runScript(text, { FAIL: 'aks update' });
    expect(failed.status).toBe(7);
    expect(failed.calls.at(-1)?.argv.slice(0, 3)).toEqual(['az', 'aks', 'update']);
  });

  describe('before anything is run', () => {
    it.each(['2.45.0', '2.9.1'])('names the version that it needs where az is %j', (version) => {
      const { status, stderr, calls } = runScript(script(recent, options), { VERSION: version });
      expect(status).toBe(1);
      expect(stderr).toMatch(/^az [\d.]+ is too old: this needs 2\.\d+\.\d+ or later\. Bring it up to date: az upgrade\n$/);
      expect(calls).toHaveLength(1);
    });

    it('is content with the very version, and with later ones', () => {
      const needed = /Needs az (\S+) or later/.exec(script(recent, options))?.[1] ?? '';
      for (const version of [needed, '2.100.0', '3.0.0']) expect(runScript(script(recent, options), { VERSION: version }).status).toBe(0);
    });

    it('names the extension that is missing', () => {
      const printed = script(preview, options);
      expect(runScript(printed).status).toBe(0);
      const { status, stderr, calls } = runScript(printed, { FAIL: 'extension show' });
      expect(status).toBe(1);
      expect(stderr).toBe('az lacks the extension aks-preview: az extension add --upgrade --name aks-preview\n');
      expect(calls.every(({ argv }) => isSetup(argv))).toBe(true);
    });

    it.each(['az', 'kubectl', 'kubelogin'])('names %s where it is missing', (program) => {
      const { status, stderr, calls } = runScript(text, {}, program);
      expect(status).toBe(1);
      expect(stderr).toContain(`${program} is not installed: `);
      expect(calls).toEqual([]);
    });
  });

  it('says what each change is, and warns at one-way doors', () => {
    expect(text).toContain('# Hardens the AKS cluster aks-1 (resource group rg-1, subscription 00000000-0000-0000-0000-000000000001)');
    expect(text).toContain('# Made by aks-harden 1.2.3 from facts of 2026-08-01T00:00:00Z');
    expect(text).toContain('# 1. Do a/x\n# Steps: a; controls: none');
    expect(text).toContain('# ONE-WAY DOOR: there is no way back');
    expect(text).toContain('# By hand:\n#');
    expect(text.endsWith('\n')).toBe(true);
  });

  it('cannot be broken out of by foreign text (any names, titles, values)', () => {
    const parts = fc.constantFrom(
      '\n',
      '\r',
      '\u2028',
      '\u0085',
      "'",
      '"',
      '`',
      '$(touch hacked)',
      '; exit 9',
      '#',
      '\\',
      'END',
      '\u001b[2J',
      '\u202e',
      '\u0000x'.slice(1),
      'ü',
      ' ',
    );
    const hostile = fc.array(parts, { maxLength: 8 }).map((list) => list.join(''));
    fc.assert(
      fc.property(hostile, hostile, hostile, (title, value, how) => {
        const changes = [
          update('a/x', [edit('properties.newProfile.text', value)], { title, reversible: { kind: 'no', how } }),
          { ...manual, title, instructions: [how], doneWhen: value },
          { ...namespace, objects: [{ kind: 'Namespace', metadata: { annotations: { note: value } } }] },
        ];
        const hostilePlan = planOf(changes);
        const { status, calls } = runScript(script({ ...hostilePlan, cluster: { ...hostilePlan.cluster, name: title, resourceGroup: value } }, options));
        expect(status).toBe(0);
        const made = changed({ calls });
        expect(made.map(({ argv }) => argv)).toEqual(hostilePlan.changes.flatMap(({ change }) => commandsOf(change)).map(({ argv }) => argv));
        expect(calls.find(({ argv }) => argv[2] === 'get-credentials')?.argv).toEqual(expect.arrayContaining([title, value]));
      }),
      { numRuns: 25 },
    );
  });

  it('stops before its first command where a guard refuses, until the phrase is given', () => {
    const guard = {
      id: 'ranges.operator',
      title: "Your address isn't in it",
      verdict: 'refuse' as const,
      detail: 'x\n$(touch hacked)',
      override: 'lock me out',
      step: 'a',
    };
    const guarded = (more: object) => script({ ...plan, guards: [{ ...guard, ...more }] }, options);
    const refused = runScript(guarded({}));
    expect(refused.status).toBe(3);
    expect(changed(refused)).toEqual([]);
    expect(refused.stderr).toContain("REFUSED: Your address isn't in it: x $(touch hacked)");
    expect(refused.stderr).toContain("AKS_HARDEN_OVERRIDE='ranges.operator=lock me out'");
    expect(runScript(guarded({}), { AKS_HARDEN_OVERRIDE: 'ranges.operator=lock me out' }).status).toBe(0);
    expect(runScript(guarded({ override: 'never' }), { AKS_HARDEN_OVERRIDE: 'ranges.operator=never' }).status).toBe(3);
    expect(runScript(guarded({ verdict: 'unknown' })).status).toBe(3);
    expect(runScript(guarded({ verdict: 'unknown', override: undefined })).status).toBe(0);
    expect(runScript(guarded({ verdict: 'warn' })).status).toBe(0);
  });

  it('says so when there is nothing to do', () => {
    const { status, calls } = runScript(script(planOf([]), options));
    expect(status).toBe(0);
    expect(calls.every(({ argv }) => isSetup(argv))).toBe(true);
  });

  it('takes the plan back', () => {
    const back = script(undoPlan(plan), { ...options, undo: true });
    expect(back).toContain('# Takes back the changes to the AKS cluster aks-1');
    expect(back).toContain('# By hand:\n# - There is no way back: there is no way back');
    const made = changed(runScript(back));
    expect(made.map(({ argv }) => argv.slice(0, 4).join(' '))).toContain('az monitor diagnostic-settings delete');
  });
});

describe('a PowerShell script', () => {
  const text = script(planOf(all), { ...options, shell: 'pwsh', tenant: "t'1" });

  it('asks for the version and the settings that its quoting rests on', () => {
    expect(text).toContain('#Requires -Version 7.4');
    expect(text).toContain("$PSNativeCommandArgumentPassing = 'Standard'");
    expect(text).toContain('$PSNativeCommandUseErrorActionPreference = $true');
  });

  it('hands every command to its program as it is planned, with its files and its input', () => {
    const planned = planOf(all).changes.flatMap(({ change }) => commandsOf(change));
    expect(readPwsh(text).filter(({ argv }) => !isSetup(argv))).toEqual(planned.map(({ argv, stdin = '', files = {} }) => ({ argv, stdin, files })));
  });

  it('quotes every text inside an expression, where a bare word would be a command', () => {
    const guarded = { ...planOf(all), guards: [{ id: 'g', title: 'no', verdict: 'refuse' as const, detail: 'x', override: 'never', step: 'a' }] };
    const printed = script(guarded, { ...options, shell: 'pwsh', tenant: 'c0ffee00-0000-4000-8000-000000000000' });
    expect(printed).toContain("if ($tenant -ne 'c0ffee00-0000-4000-8000-000000000000')");
    expect(printed.match(/(?:-ne|\bthrow|\+|Contains\(|ContainsKey\(|\[version\]) *[^\s'"$(]/g)).toBeNull();
  });

  it('looks first whether everything is here', () => {
    expect(text).toContain("if (-not (Get-Command kubectl -ErrorAction SilentlyContinue)) { throw 'kubectl is not installed: az aks install-cli' }");
    const printed = script(recent, { ...options, shell: 'pwsh' });
    expect(printed).toMatch(/if \(\[version\]\$azHere\['azure-cli'\] -lt \[version\]'2\.\d+\.\d+'\) \{ throw "az \$\(/);
    expect(printed.indexOf('[version]')).toBeLessThan(printed.indexOf('az account show'));
    expect(script(preview, { ...options, shell: 'pwsh' })).toContain("ContainsKey('aks-preview')");
  });

  it('writes files, pipes input, and cleans up', () => {
    expect(text).toContain("Set-Content -LiteralPath logs.json -Encoding utf8NoBOM -Value (@(\n  '['");
    expect(text).toContain(') -join "`n") | kubectl apply');
    expect(text).toContain("if ($tenant -ne 't''1')");
    expect(text.trimEnd().endsWith('  Remove-Item -Recurse -Force $work\n}')).toBe(true);
  });

  it('has a comment or a command on every line, whatever the text (a newline ends no comment)', () => {
    const line = text.split('\n').find((one) => one.includes('rm -rf /'));
    expect(line).toBe('#   - Open port 443 rm -rf /'.replace('#   -', '# -'));
  });
});

describe('Kubernetes changes as commands', () => {
  it('applies after a dry run, from standard input', () => {
    const [dry, real] = commandsOf(namespace);
    expect(dry?.argv).toEqual(['kubectl', 'apply', '--server-side', '--field-manager=aks-harden', '--dry-run=server', '-f', '-']);
    expect(real?.argv).toEqual(['kubectl', 'apply', '--server-side', '--field-manager=aks-harden', '-f', '-']);
    expect(JSON.parse(real?.stdin ?? '')).toEqual(namespace.objects[0]);
    const [two] = commandsOf({ ...namespace, objects: [...namespace.objects, { kind: 'Other' }] });
    expect(two?.stdin).toBe(`${real?.stdin}{\n  "kind": "Other"\n}\n`);
  });

  it('labels, annotates, or patches from a file', () => {
    expect(commandsOf(label)[0]?.argv.join(' ')).toBe(
      'kubectl label namespace web pod-security.kubernetes.io/enforce=restricted old- --overwrite --field-manager=aks-harden',
    );
    expect(commandsOf({ ...label, patch: { metadata: { annotations: { a: 'b' } } } })[0]?.argv.slice(0, 5)).toEqual([
      'kubectl',
      'annotate',
      'namespace',
      'web',
      'a=b',
    ]);
    const [patch] = commandsOf(policy);
    expect(patch?.argv.join(' ')).toBe('kubectl patch deployment.v1.apps shop --namespace web --type=merge --patch-file patch.json --field-manager=aks-harden');
    expect(patch?.files).toEqual({ 'patch.json': '{\n  "spec": {\n    "replicas": 2\n  }\n}\n' });
    const both = { ...label, patch: { metadata: { labels: { a: 'b' }, annotations: { a: 'b' } } } };
    expect(commandsOf(both)[0]?.argv[1]).toBe('patch');
  });

  it('deletes by name after a dry run, and one that is gone already is no error', () => {
    const { patch: _patch, ...rest } = label;
    const object = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'everybody' };
    expect(commandsOf({ ...rest, kind: 'kube.delete', object, before: {} }).map(({ argv }) => argv.join(' '))).toEqual([
      'kubectl delete clusterrolebinding.v1.rbac.authorization.k8s.io everybody --ignore-not-found --dry-run=server',
      'kubectl delete clusterrolebinding.v1.rbac.authorization.k8s.io everybody --ignore-not-found',
    ]);
  });

  it('leaves what a person does to the person', () => expect(commandsOf(manual)).toEqual([]));
});

describe('work by hand in a script', () => {
  const awaited = planOf([manual, update('n/after', [edit('properties.disableLocalAccounts', true)], { after: ['m/x'] })]);
  const text = script(awaited, options);

  it('stops what waits for it, as applying does, and says how to go on', () => {
    const { status, stderr, calls } = runScript(text);
    expect(status).toBe(3);
    expect(stderr).toContain('By hand first: Ask the network team (done when: the port is open).');
    expect(stderr).toContain("AKS_HARDEN_OVERRIDE='m/x=done'");
    expect(changed({ calls })).toEqual([]);
  });

  it('goes on once it is said to be done', () => {
    const { status, calls } = runScript(text, { AKS_HARDEN_OVERRIDE: 'm/x=done' });
    expect(status).toBe(0);
    expect(changed({ calls })).toHaveLength(1);
  });

  it('asks in PowerShell too', () => {
    expect(script(awaited, { ...options, shell: 'pwsh' })).toContain('if (-not "$env:AKS_HARDEN_OVERRIDE".Contains(\'m/x=done\')) {');
  });

  it('stops nothing where nothing waits for it', () => {
    expect(script(planOf([manual, update('n/beside', [edit('properties.disableLocalAccounts', true)])]), options)).not.toContain('By hand first');
  });
});
