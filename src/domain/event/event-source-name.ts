/** Begins the name of each of Genesys Cloud's event sources (Genesys Cloud, "About the Amazon EventBridge integration"). */
export const GENESYS_SOURCES = "aws.partner/genesys.com";

/** [pure] The name of the partner event source that Genesys Cloud makes. */
export function eventSourceName(organizationId: string, suffix: string): string {
  return `${GENESYS_SOURCES}/cloud/${organizationId}/${suffix}`;
}

/** [pure] The id of the org whose event source has this name; undefined where the name is another's. */
export function organizationIn(name: string): string | undefined {
  return /^aws\.partner\/genesys\.com(?:\.test)?\/cloud\/([^/]+)\//.exec(name)?.[1];
}
