import { pillars } from '../../model/step.ts';
import { stepOf } from '../../session/selectors.ts';
import type { StepScreen } from '../../session/state.ts';
import { pillarNames } from '../parts/words.ts';
import type { Scene, View } from '../view.ts';
import { applyingView, summaryView } from './applying.ts';
import { confirmView } from './confirm.ts';
import { overlayView } from './overlays.ts';
import { overviewView } from './overview.ts';
import { pickClusterView, pickSubscriptionView } from './pick.ts';
import { problemView } from './problem.ts';
import { reviewView } from './review.ts';
import { sinceView } from './since.ts';
import { stepCommandsView, stepDecisionView, stepDeclineView, stepOptionsView, stepPreviewView } from './step-decide.ts';
import { stepParamsView } from './step-params.ts';
import { stepStateView } from './step-state.ts';
import { connectingView, readingView } from './waiting.ts';
import { welcomeView } from './welcome.ts';

/** The screen of a state: a pure function, so that every screen can be looked at in a test without a terminal. */
export function viewOf(scene: Scene): View {
  const { overlay, screen } = scene.state;
  if (overlay) return overlayView(scene, overlay);
  switch (screen.kind) {
    case 'welcome':
      return welcomeView(scene, screen);
    case 'connecting':
      return connectingView(scene, screen);
    case 'pick-subscription':
      return pickSubscriptionView(scene, screen);
    case 'pick-cluster':
      return pickClusterView(scene, screen);
    case 'reading':
      return readingView(scene, screen);
    case 'since':
      return sinceView(scene);
    case 'overview':
      return overviewView(scene, screen);
    case 'step':
      return stepView(scene, screen);
    case 'review':
      return reviewView(scene, screen);
    case 'confirm':
      return confirmView(scene, screen);
    case 'applying':
      return applyingView(scene, screen);
    case 'summary':
      return summaryView(scene, screen);
    case 'problem':
      return problemView(scene, screen);
    default:
      return screen satisfies never;
  }
}

/** A phase of a step, with its pillar before it and its number in the walk. */
function stepView(scene: Scene, screen: StepScreen): View {
  const { steps } = scene.tools;
  const step = stepOf(scene.tools, screen.step);
  if (!step) return { key: 'none', crumbs: [], blocks: [], contexts: ['back', 'anywhere'] };
  const { phase } = screen;
  const view = (): View => {
    switch (phase.kind) {
      case 'state':
        return stepStateView(scene, step);
      case 'options':
        return stepOptionsView(scene, step, phase);
      case 'params':
        return stepParamsView(scene, step, phase);
      case 'preview':
        return stepPreviewView(scene, step);
      case 'decision':
        return stepDecisionView(scene, step, phase);
      case 'commands':
        return stepCommandsView(scene, step);
      case 'decline':
        return stepDeclineView(scene, step, phase);
      default:
        return phase satisfies never;
    }
  };
  const shown = view();
  const number = `step ${steps.indexOf(step) + 1} of ${steps.length}`;
  const pillar = pillars.includes(step.pillar) ? pillarNames[step.pillar] : step.pillar;
  return { ...shown, crumbs: [pillar, ...shown.crumbs], aside: [shown.aside, number].filter(Boolean).join(` ${scene.symbols.dot} `) };
}
