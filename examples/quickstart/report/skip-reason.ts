/** Why mail was not sent, in the words of a marketer. */
const words: Readonly<Record<string, string>> = {
  'no-address': 'メールアドレスがない',
  'no-consent': '同意の記録がない',
  'consent-withdrawn': '配信を希望していない・停止した',
  'consent-pending': '同意の確認待ち',
  'consent-expired': '同意の期限切れ',
  'basis-refused': '同意の根拠が法律に合わない',
  suppressed: '配信停止リストにある(不達・苦情)',
  exited: 'シナリオを終えた(購入など)',
  late: '送る時期を過ぎた',
  expired: '期限内に送れなかった',
  cancelled: '配信を取り消した',
}

export const skipReason = (reason: string): string => words[reason] ?? reason
