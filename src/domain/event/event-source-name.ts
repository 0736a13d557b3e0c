/** The prefix of Genesys Cloud event sources (Genesys Cloud, "About the Amazon EventBridge integration"). */
export const GENESYS_SOURCES = "aws.partner/genesys.com";

/** [pure] The name of the partner event source that Genesys Cloud creates. */
export function eventSourceName(organizationId: string, suffix: string): string {
  return `${GENESYS_SOURCES}/cloud/${organizationId}/${suffix}`;
}

/** [pure] The org id in the name of an event source; undefined if it is not a Genesys Cloud source. */
export function organizationIn(name: string): string | undefined {
  return /^aws\.partner\/genesys\.com(?:\.test)?\/cloud\/([^/]+)\//.exec(name)?.[1];
}
