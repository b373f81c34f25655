/** An Azure cloud: where one signs in, where ARM and Microsoft Graph are. */
export interface Cloud {
  readonly authority: string;
  readonly arm: string;
  readonly graph: string;
}

/** Azure's public cloud. */
export const publicCloud: Cloud = {
  authority: 'https://login.microsoftonline.com',
  arm: 'https://management.azure.com',
  graph: 'https://graph.microsoft.com',
};

/** Azure for US Government and Azure operated by 21Vianet (learn.microsoft.com/graph/deployments). */
const others: readonly Cloud[] = [
  { authority: 'https://login.microsoftonline.us', arm: 'https://management.usgovcloudapi.net', graph: 'https://graph.microsoft.us' },
  { authority: 'https://login.chinacloudapi.cn', arm: 'https://management.chinacloudapi.cn', graph: 'https://microsoftgraph.chinacloudapi.cn' },
  { authority: 'https://login.partner.microsoftonline.cn', arm: 'https://management.chinacloudapi.cn', graph: 'https://microsoftgraph.chinacloudapi.cn' },
];

/** The cloud that an authority (AZURE_AUTHORITY_HOST) belongs to; undefined for an authority nobody knows, which then needs its endpoints named. */
export function cloudOf(authority: string | undefined): Cloud | undefined {
  if (!authority) return publicCloud;
  const host = URL.canParse(authority) ? new URL(authority).host : authority;
  return [publicCloud, ...others].find((cloud) => new URL(cloud.authority).host === host.toLowerCase());
}
