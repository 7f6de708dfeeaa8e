/** Why mail bounced, in the words of a marketer. */
const words: Readonly<Record<string, string>> = {
  'hard-unknown-user': '宛先不明(アドレスが存在しない)',
  'hard-bad-domain': 'ドメインが存在しない',
  suspended: '受信箱の停止・休止',
  'mailbox-full': '容量超過(受信箱がいっぱい)',
  filtered: '迷惑メールの設定による受信拒否',
  message: 'メールの内容・大きさによる拒否',
  policy: '受信側の規則による拒否',
  'spam-block': '迷惑メールとしての拒否',
  transient: '一時的な障害',
  expired: '期限内に届かなかった',
  undetermined: '理由不明',
}

export const bounceKind = (kind: string): string => words[kind] ?? kind
