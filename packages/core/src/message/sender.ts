/** Who is legally sending: shown in From, Reply-To and the legal block (facts §1, art. 4). */
export interface Sender {
  /** 正式名称. */
  readonly legalName: string
  readonly displayName: string
  readonly email: string
  readonly replyTo?: string
  readonly postalAddress: string
  /** Phone, mail or URL for complaints. */
  readonly contact: string
  /** 特商法に基づく表記, required for marketing with audience `consumer` in Japan? Optional here; shown when set. */
  readonly commercialDisclosureUrl?: string
  /** Where people registered: 「このメールは、{registeredAt}でご登録いただいた方に…」. Default the display name. */
  readonly registeredAt?: string
}
