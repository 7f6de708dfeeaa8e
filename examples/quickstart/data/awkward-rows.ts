/**
 * Rows as real customer files hold them, and what must become of each. They stand among the ordinary rows of customers.csv;
 * the test reads the file and checks every one.
 */
export interface AwkwardRow {
  /** 会員番号, 姓, 名, 会社名, 部署, メールアドレス, 生年月日, 会員ランク, メルマガ, 登録日 */
  readonly cells: readonly [string, string, string, string, string, string, string, string, string, string]
  readonly why: string
  readonly expect:
    | {
        readonly taken: {
          readonly email?: string | null
          readonly birthday?: string
          readonly consent?: 'granted' | 'withdrawn' | 'none'
          readonly id?: string
        }
        readonly hint?: string
      }
    | { readonly refused: string }
    | { readonly merged: string }
}

const joined = '2025/04/01'

export const awkwardRows: readonly AwkwardRow[] = [
  {
    cells: ['9001', '山田', '太郎', '', '', 'taro@gmial.com', '', '一般', '希望する', joined],
    why: 'typo in the domain: hint, never fix',
    expect: { taken: { email: 'taro@gmial.com' }, hint: 'gmail.com' },
  },
  {
    cells: ['9002', '佐藤', '花', '', '', 'hana.sample@docomo.co.jp', '', '一般', '希望する', joined],
    why: 'carrier domain that does not exist: hint',
    expect: { taken: { email: 'hana.sample@docomo.co.jp' }, hint: 'docomo.ne.jp' },
  },
  {
    cells: ['9003', '鈴木', '一', '', '', 'a@example.jp; b@example.jp', '', '一般', '希望する', joined],
    why: 'two addresses in a cell',
    expect: { refused: '2つ以上' },
  },
  {
    cells: ['9004', '高橋', '実', '', '', '高橋 実 <minoru@example.jp>', '', '一般', '希望する', joined],
    why: 'name and address in one cell',
    expect: { taken: { email: 'minoru@example.jp' } },
  },
  {
    cells: ['9005', '田中', '誠', '', '', 'ｍａｋｏｔｏ＠ｅｘａｍｐｌｅ．ｊｐ', '', '一般', '希望する', joined],
    why: 'full-width address',
    expect: { taken: { email: 'makoto@example.jp' } },
  },
  {
    cells: ['9006', '伊藤', '愛', '', '', '　ai@example.jp　', '', '一般', '希望する', joined],
    why: 'ideographic spaces around',
    expect: { taken: { email: 'ai@example.jp' } },
  },
  {
    cells: ['9007', '渡辺', '健', '', '', '', '', '一般', '希望する', joined],
    why: 'no address: a contact that cannot be mailed',
    expect: { taken: { email: null } },
  },
  {
    cells: ['9008', '山本', '舞', '', '', 'Mai@Example.JP', '', '一般', '希望する', joined],
    why: 'first of two rows with one address',
    expect: { taken: { email: 'Mai@example.jp', consent: 'withdrawn' } },
  },
  {
    cells: ['9009', '山本', '舞', '', '', 'mai@example.jp', '', '一般', '希望しない', joined],
    why: 'same address again, refusing: the refusal wins',
    expect: { merged: '9008' },
  },
  {
    cells: ['9010', '中村', '翔', '', '', 'sho@example.jp', 'S60.4.1', '一般', '○', joined],
    why: 'era date, ○ for yes',
    expect: { taken: { birthday: '1985-04-01', consent: 'granted' } },
  },
  {
    cells: ['9011', '小林', '葵', '', '', 'aoi@example.jp', '昭和60年4月1日', '一般', '1', joined],
    why: 'era date in kanji',
    expect: { taken: { birthday: '1985-04-01', consent: 'granted' } },
  },
  {
    cells: ['9012', '加藤', '蓮', '', '', 'ren@example.jp', '31138', '一般', '×', joined],
    why: 'Excel serial, × for no',
    expect: { taken: { birthday: '1985-04-01', consent: 'withdrawn' } },
  },
  {
    cells: ['9013', '吉田', '凛', '', '', 'rin@example.jp', '19850401', '一般', '', joined],
    why: 'compact date; blank is no grant',
    expect: { taken: { birthday: '1985-04-01', consent: 'none' } },
  },
  {
    cells: ['9014', '山口', '颯', '', '', 'hayate@example.jp', '1985/2/30', '一般', '希望する', joined],
    why: 'a day that does not exist',
    expect: { refused: '日付' },
  },
  {
    cells: ['="0015"', '松本', '結', '', '', 'yui@example.jp', '', '一般', '希望する', joined],
    why: "Excel's way to keep zeros",
    expect: { taken: { id: '0015' } },
  },
  {
    cells: ['9.016E+3', '井上', '陸', '', '', 'riku@example.jp', '', '一般', '希望する', joined],
    why: 'number shortened by Excel',
    expect: { refused: '桁が失われた' },
  },
  {
    cells: ['9017', '木村', '紬', '株式会社\n飛石サンプル', '', 'tsumugi@example.jp', '', '一般', '希望する', joined],
    why: 'newline in a cell',
    expect: { taken: { email: 'tsumugi@example.jp' } },
  },
  {
    cells: ['9018', '林', '湊', '', '', 'minato@example.jp', '', '一般', 'たぶん', joined],
    why: 'consent that nobody may guess',
    expect: { refused: '配信希望' },
  },
  {
    cells: ['9019', '斎藤', '陽', '', '', '陽@example.jp', '', '一般', '希望する', joined],
    why: 'Japanese before the @',
    expect: { refused: '@ より前' },
  },
  {
    cells: ['9020', '清水', '澪', '', '', 'tobiishi..sample.@docomo.ne.jp', '', '一般', '希望する', joined],
    why: 'dots that docomo issued',
    expect: { taken: { email: 'tobiishi..sample.@docomo.ne.jp' } },
  },
  {
    cells: ['9021', '森', '樹', '', '', 'a..b@example.jp', '', '一般', '希望する', joined],
    why: 'the same dots elsewhere',
    expect: { refused: '点' },
  },
  {
    cells: ['9022', '-', '', '', '', 'nanashi@example.jp', '', '一般', '希望する', joined],
    why: 'no name: お客様',
    expect: { taken: { email: 'nanashi@example.jp' } },
  },
  {
    cells: ['9023', '池田', '楓 様', '', '', 'kaede@example.jp', '', '一般', '希望する', joined],
    why: '様 in the data',
    expect: { taken: { email: 'kaede@example.jp' } },
  },
  {
    cells: ['9024', '=HYPERLINK("http://example.com")', '', '', '', 'nope', '', '一般', '希望する', joined],
    why: 'a formula in a refused row is disarmed in the error list',
    expect: { refused: '@ がありません' },
  },
  {
    cells: ['', '橋本', '蒼', '', '', 'aoi2@example.jp', '', '一般', '希望する', joined],
    why: 'no number',
    expect: { refused: '必須' },
  },
  {
    cells: ['9026', '石川', '律', '', '', 'ritsu@example', '', '一般', '希望する', joined],
    why: 'a domain without a dot',
    expect: { refused: 'ドメイン' },
  },
  {
    cells: ['9027', '前田', '奏', '', '', 'kanade@example.jp', '', 'ゴールド', '希望する', joined],
    why: 'a rank that does not exist',
    expect: { refused: '会員ランク' },
  },
  {
    cells: ['9001', '山田', '太郎', '', '', 'taro2@example.jp', '', '一般', '希望する', joined],
    why: 'a number used twice',
    expect: { refused: '重複' },
  },
]
