import type { Checklist } from '../model/checklist.ts';
import type { EntranceSettings } from './entrances.ts';
import type { Io } from './io.ts';
import type { Invocation } from './parse.ts';

/** The steps that the command line leaves, loaded once. */
export function stepsOf(invocation: Invocation): EntranceSettings['steps'] {
  let loaded: ReturnType<EntranceSettings['steps']> | undefined;
  return () => {
    loaded ??= (async () => {
      const [{ steps }, { pickSteps }] = await Promise.all([import('../../steps/index.ts'), import('./pick-steps.ts')]);
      return pickSteps(steps, invocation);
    })();
    return loaded;
  };
}

/** Runs the wizard in this terminal until it is left. Nothing but ink and the session is loaded before its first frame. */
export async function runWizard(invocation: Invocation, io: Io, resume?: { readonly path: string; readonly checklist: Checklist }): Promise<number> {
  const [{ mountWizard }, { createSession }, { sessionDeps }, { startOf }] = await Promise.all([
    import('../ui/mount.tsx'),
    import('../session/session.ts'),
    import('./session-deps.ts'),
    import('./entrances.ts'),
  ]);
  const deps = sessionDeps({ invocation, io, steps: stepsOf(invocation), ...(resume ? { resume } : {}) });
  const session = createSession(deps, {
    start: resume ? { kind: 'given' } : startOf(invocation),
    resuming: resume !== undefined,
    shell: invocation.text('shell') === 'pwsh' ? 'pwsh' : 'bash',
  });
  return mountWizard(session, {
    ascii: invocation.flag('ascii'),
    screenReader: invocation.flag('screen-reader') || io.env['INK_SCREEN_READER'] === 'true',
    color: io.env['FORCE_COLOR'] !== '0',
    signal: io.signal,
  });
}

/** `aks-harden`: the wizard in a terminal; assessment, plan and, where the flags say so, the apply as text everywhere else. */
export async function wizard(invocation: Invocation, io: Io): Promise<number> {
  if (io.interactive) return runWizard(invocation, io);
  const { runPlain } = await import('./plain.ts');
  return runPlain(invocation, io);
}
