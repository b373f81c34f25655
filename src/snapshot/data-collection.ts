import type { AssociatedRule } from '../model/facts.ts';
import { at, path, text } from '../model/json.ts';
import { apiVersions } from './api-versions.ts';
import { armId, getList, getResource, isNotFound, type Reading } from './reading.ts';

/** Data collection rules that the cluster is associated with: the associations, then the rules side by side. A rule that is gone is an answer. */
export async function readDataCollectionRules(reading: Reading): Promise<readonly AssociatedRule[]> {
  const version = `api-version=${apiVersions.dataCollectionRules}`;
  const associations = await getList(reading, `${reading.clusterId}/providers/Microsoft.Insights/dataCollectionRuleAssociations?${version}`);
  const found = associations.map(async (association): Promise<readonly AssociatedRule[]> => {
    const ruleId = armId(at(association, path('properties.dataCollectionRuleId')));
    if (ruleId === undefined) return [];
    const named = { association: text(association['name']) ?? '', ruleId };
    try {
      return [{ ...named, rule: await getResource(reading, `${ruleId}?${version}`) }];
    } catch (thrown) {
      if (isNotFound(thrown)) return [named];
      throw thrown;
    }
  });
  return (await Promise.all(found)).flat();
}
