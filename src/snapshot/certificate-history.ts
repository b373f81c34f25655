import type { CertificateHistory } from '../model/certificate-facts.ts';
import type { ArmResource } from '../model/facts.ts';
import { at, path, text } from '../model/json.ts';
import { apiVersions } from './api-versions.ts';
import { getList, type Reading, subscriptionOf } from './reading.ts';

const DAY_MS = 86_400_000;
/** The log keeps 90 days and refuses an older start (Azure Monitor: activity-log); a day is left for clocks that differ. */
const KEPT_DAYS = 89;

const CLUSTERS = 'microsoft.containerservice/managedclusters';
const ROTATION = [`${CLUSTERS}/rotateclustercertificates/action`];
/** Both hand out the certificate of an administrator: the second is the older way, and takes the role's name from the address. */
const HANDING_OUT = [`${CLUSTERS}/listclusteradmincredential/action`, `${CLUSTERS}/accessprofiles/listcredential/action`];

/** When one of the operations last succeeded. */
function last(events: readonly ArmResource[], operations: readonly string[]): string | undefined {
  const times = events.flatMap((event) => {
    const operation = text(at(event, path('operationName.value')))?.toLowerCase() ?? '';
    const succeeded = text(at(event, path('status.value')))?.toLowerCase() === 'succeeded';
    const time = text(event['eventTimestamp']);
    return succeeded && time !== undefined && operations.includes(operation) && Number.isFinite(Date.parse(time)) ? [Date.parse(time)] : [];
  });
  return times.length === 0 ? undefined : new Date(Math.max(...times)).toISOString();
}

/** Rotations of the cluster's certificates, and admin credentials that were handed out, as far back as the activity log goes. */
export async function readCertificateHistory(reading: Reading): Promise<CertificateHistory> {
  const now = Date.parse(reading.readAt);
  const since = new Date(now - KEPT_DAYS * DAY_MS).toISOString();
  // A clock that is late must not hide what has just happened.
  const until = new Date(now + DAY_MS).toISOString();
  const filter = `eventTimestamp ge '${since}' and eventTimestamp le '${until}' and resourceUri eq '${reading.clusterId}'`;
  const query = `api-version=${apiVersions.activityLog}&$filter=${encodeURIComponent(filter)}&$select=eventTimestamp,operationName,status`;
  const events = await getList(reading, `${subscriptionOf(reading.clusterId)}/providers/Microsoft.Insights/eventtypes/management/values?${query}`);
  const rotatedAt = last(events, ROTATION);
  const handedOutAt = last(events, HANDING_OUT);
  return { since, ...(rotatedAt === undefined ? {} : { rotatedAt }), ...(handedOutAt === undefined ? {} : { handedOutAt }) };
}
