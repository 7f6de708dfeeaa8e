/**
 * Programs that fetch links and images of mail by themselves: security gateways, crawlers, previews and bare HTTP libraries.
 * Image proxies of people (`GoogleImageProxy`, `YahooMailProxy`) are none.
 */
const scanners =
  /barracuda|proofpoint|mimecast|messagelabs|symantec|fireeye|trend ?micro|sophos|fortinet|forcepoint|safelinks|urldefense|bot\b|crawler|spider|bingpreview|skypeuripreview|slackbot|facebookexternalhit|headlesschrome|phantomjs|python-requests|python-urllib|aiohttp|curl\/|wget\/|go-http-client|libwww-perl|apache-httpclient|^java\//i

/** Whether a user agent names itself as such a program. */
export const isScannerUserAgent = (userAgent: string): boolean => scanners.test(userAgent)
