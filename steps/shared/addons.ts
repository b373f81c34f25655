import { clusterAt, type Facts } from '../../src/model/facts.ts';
import { isTrue, type Json } from '../../src/model/json.ts';

/** Whether an add-on is on. Its key stands in any case in real bodies (`omsagent`, `omsAgent`), `enabled` may be a text in old templates. */
export function addonOn(facts: Facts, name: string): boolean {
  return isTrue(clusterAt(facts, `properties.addonProfiles.${name}.enabled`));
}

/** A setting of an add-on. ARM keeps them as texts: `"true"`. */
export function addonConfig(facts: Facts, name: string, key: string): Json | undefined {
  return clusterAt(facts, `properties.addonProfiles.${name}.config.${key}`);
}
