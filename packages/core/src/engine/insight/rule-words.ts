import type { ExplainLanguage } from './explain-words.ts'

/** The rules of decisions about sending, by the names that they are stored and tested by. */
const japanese: Readonly<Record<string, string>> = {
  'JP 特定商取引法 art. 12-3 (1)': '特定商取引法 第12条の3第1項',
  'JP 特定商取引法 art. 12-3 (2)': '特定商取引法 第12条の3第2項',
  'JP 特定電子メール法 art. 3-1': '特定電子メール法 第3条第1項',
  'JP 特定電子メール法 art. 3-3': '特定電子メール法 第3条第3項',
  'US CAN-SPAM 15 U.S.C. 7704': '米国 CAN-SPAM法（合衆国法典第15編7704条）',
  'US CAN-SPAM 15 U.S.C. 7704(a)(4)': '米国 CAN-SPAM法（合衆国法典第15編7704条(a)(4)）',
  'EU 2002/58/EC art. 13(1)': 'EU指令 2002/58/EC 第13条第1項',
  'EU GDPR art. 7(3)': 'EU一般データ保護規則（GDPR）第7条第3項',
  'CA CASL s. 6': 'カナダ 迷惑メール防止法（CASL）第6条',
  'CA CASL s. 11': 'カナダ 迷惑メール防止法（CASL）第11条',
  'setting jurisdiction: unknown means opt-in': '設定 jurisdiction が不明の場合は事前の同意が必要',
  'setting double opt-in: not confirmed yet': 'ダブルオプトインの確認待ち',
  'contact has no e-mail address': 'メールアドレスが未登録',
  'setting sendWithin': '設定 sendWithin',
  'suppression: hard-bounce': '配信停止リスト：宛先不明などの恒久的な不達',
  'suppression: soft-bounces': '配信停止リスト：一時的な不達の繰り返し',
  'suppression: complaint': '配信停止リスト：迷惑メールの報告',
  'suppression: manual': '配信停止リスト：手動で登録',
  'suppression: erased': '配信停止リスト：顧客の削除',
}

/** A law or setting as people read it; one without words stays as it is. */
export const ruleInWords = (rule: string, language: ExplainLanguage): string =>
  language === 'ja' && Object.hasOwn(japanese, rule) ? (japanese[rule] ?? rule) : rule
