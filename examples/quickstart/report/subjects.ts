/** What marks the subject of each step's mail as it was sent, without the name or brochure before it. */
export const subjects: Readonly<Record<string, string>> = {
  hello: '飛石ショップへようこそ',
  tips: '苔玉の育てかた',
  pro: 'プレミアム会員さまへ 先行のご案内',
  receipt: 'ご請求を承りました',
  'lesson-1': '庭づくり講座 第1回 石を置く',
  'lesson-2': '庭づくり講座 第2回 苔を育てる',
  offer: '講座を終えた方へ 送料無料のご案内',
  'come-back': 'お久しぶりです',
  'last-call': '10%割引クーポンは今週末までです',
  newsletter: '飛石ショップ通信 秋号',
}
