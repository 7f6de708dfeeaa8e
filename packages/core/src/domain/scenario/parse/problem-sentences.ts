/** A sentence in both languages; what stands in braces is filled in, and said in Japanese by `holes`. */
interface Sentence {
  readonly code: string
  readonly en: string
  readonly ja: string
}

const say = <const C extends string>(code: C, en: string, ja: string) => ({ code, en, ja }) satisfies Sentence

/**
 * What can be wrong in a definition that was made outside of code. The first sentence that fits is meant, so what is special stands
 * before what is general. English is the key, as in message catalogues: it is written where the problem is found.
 */
export const problemSentences = [
  say('too-large', 'is too large.', '大きすぎます。'),
  say('too-large', 'has more than {n} entries.', '{n}件までです。'),
  say('too-large', 'has more than {n} conditions.', '条件は{n}個までです。'),
  say('too-deep', 'is nested too deep.', '入れ子が深すぎます。'),
  say('too-deep', 'is nested more than {n} deep.', '入れ子は{n}段までです。'),
  say(
    'not-storable',
    'holds a NUL or half a surrogate pair, which databases cannot store.',
    '保存できない文字（NUL や壊れた文字）が含まれています。',
  ),
  say('not-storable', 'has a key that cannot be stored: {name}.', '保存できないキーがあります: {name}'),
  say(
    'not-json',
    'must be JSON: a text, a number, true, false, null, a list or a plain object.',
    'JSON の値（テキスト、数値、true、false、null、リスト、オブジェクト）を指定してください。',
  ),
  say('not-json', 'could not be read: looking at it throws, so it is not JSON.', '読み取れません。JSON ではありません。'),
  say(
    'not-json',
    'must be plain JSON: give what its toJSON() answers.',
    'JSON そのものを指定してください（toJSON() の戻り値）。',
  ),
  say('not-json', 'only JSON values can be stored.', '保存できるのは JSON の値だけです。'),
  say(
    'unknown-format',
    '{n} is not a format that this version of Tobiishi reads.',
    '形式 {n} は、このバージョンの Tobiishi では読めません。',
  ),
  say('unknown-key', 'is not known here.', 'この項目はありません。'),
  say('unknown-key', 'has keys that are not known: {names}.', '知らない項目があります: {names}'),
  say(
    'name',
    'a name has 1 to 100 letters, digits or . _ : - and starts with a letter or digit.',
    '名前は1～100文字で、文字・数字と . _ : - が使えます。先頭は文字か数字です。',
  ),
  say('name', 'a name has 1 to 255 letters, digits or . _ : -.', '名前は1～255文字で、文字・数字と . _ : - が使えます。'),
  say(
    'name',
    'a field name has 1 to 100 letters, digits, _ or - and starts with a letter or _.',
    '項目名は1～100文字で、文字・数字と _ - が使えます。先頭は文字か _ です。',
  ),
  say(
    'name',
    'holdout is the name of those who get nothing: call the arm otherwise.',
    'holdout は非配信群の名前です。別の名前にしてください。',
  ),
  say(
    'time-of-day',
    'must be a time of day such as 09:00, from 00:00 to 23:59.',
    '時刻を 09:00 のように、00:00～23:59 で指定してください。',
  ),
  say(
    'time-of-day',
    'must be a time of day such as 20:00, from 00:00 to 24:00.',
    '時刻を 20:00 のように、00:00～24:00 で指定してください。',
  ),
  say(
    'window-empty',
    'from and to are the same, so it would never open.',
    '開始と終了が同じ時刻なので、配信できる時間がありません。',
  ),
  say(
    'span',
    'must be a whole number of milliseconds (a day is 86400000), got {value}.',
    '長さをミリ秒の整数で指定してください（1日は 86400000。現在の値: {value}）。',
  ),
  say('span', 'must be a length of time in milliseconds, from 1.', '長さを1ミリ秒以上で指定してください。'),
  say('span', 'must be at most 100,000 days (8640000000000 milliseconds).', '長さは10万日（8640000000000 ミリ秒）までです。'),
  say('span', 'must be at most an hour (3600000 milliseconds).', '長さは1時間（3600000 ミリ秒）までです。'),
  say('blank', 'must not be blank.', '空白だけにはできません。'),
  say('duplicate', 'names an event twice.', '同じイベントが2回指定されています。'),
  say('duplicate', 'two arms have one name.', '同じ名前の分岐が2つあります。'),
  say('successors-unused', "only count with inFlight 'migrate'.", 'inFlight が migrate のときだけ指定できます。'),
  say(
    'successors-unused',
    'is a step of this version, so nobody has to leave it.',
    'このバージョンに残っているステップなので、移行先は要りません。',
  ),
  say(
    'link-unused',
    'a link is asked about with clicked only; otherwise it is null.',
    'リンクを指定できるのは clicked だけです。ほかでは null にしてください。',
  ),
  say(
    'past-unused',
    'says nothing about a wait from the previous send: write skip.',
    '直前の配信から数える待機では意味がありません。skip にしてください。',
  ),
  say(
    'failed-unused',
    'a call that is not waited for cannot fail: write the same as next.',
    '結果を待たない呼び出しは失敗しません。next と同じ値にしてください。',
  ),
  say('wait-of-nothing', 'a wait of nothing.', '待機の長さがありません。'),
  say(
    'wait-backwards',
    'only a wait from an attribute or an event can end before it.',
    '起点より前に終わる待機は、属性かイベントを起点にするときだけ使えます。',
  ),
  say('weights', 'all weights are 0, so nobody goes on.', '比率がすべて0なので、誰も進めません。'),
  say('one-arm', 'a split of one arm decides nothing.', '分岐が1つだけの比率テストはできません。'),
  say('update-of-nothing', 'an update of nothing.', '更新する内容がありません。'),
  say('update-conflict', 'is set and changed at once.', '設定と追加・削除を同時に指定することはできません。'),
  say('update-conflict', 'a value is added and removed at once.', '同じ値を追加し、同時に削除しています。'),
  say(
    'not-a-list',
    'is no list, so nothing can be added or removed. Use set.',
    'リストではないので、追加や削除はできません。set を使ってください。',
  ),
  say('id-differs', 'differs from its key {name}.', 'キー{name}と一致しません。'),
  say('no-first-step', 'must be the id of the first step, got null.', '最初のステップの ID を指定してください。'),
  say('unknown-step', 'there is no step {name}.', 'ステップ{name}がありません。'),
  say('unknown-segment', 'there is no segment {name}.', 'セグメント{name}がありません。'),
  say('unknown-template', 'there is no template {name}.', 'テンプレート{name}がありません。'),
  say('unknown-handler', 'there is no handler {name}.', 'アプリの関数{name}がありません。'),
  say(
    'unknown-event',
    'the model has no event {name} (did you mean {name}?).',
    'イベント{name}はモデルにありません（{name}の間違いではありませんか）。',
  ),
  say('unknown-event', 'the model has no event {name}.', 'イベント{name}はモデルにありません。'),
  say('unknown-attribute', 'the model has no attribute {name}.', '属性{name}はモデルにありません。'),
  say(
    'unknown-attribute',
    'the model has no {kind} {name}. Was the segment made by another model?',
    '{kind}の項目{name}はモデルにありません。別のモデルで作られたセグメントかもしれません。',
  ),
  say('unknown-attribute', 'the model has no {kind} {name}.', '{kind}の属性{name}はモデルにありません。'),
  say('unknown-prop', 'template {name} has no such prop.', 'テンプレート{name}にこの項目はありません。'),
  say(
    'urgent-marketing',
    'template {name} is marketing, and no marketing is urgent.',
    'テンプレート{name}は広告メールなので、緊急扱いにできません。',
  ),
  say('not-a-mail', 'step {name} sends nothing.', 'ステップ{name}はメールを配信しません。'),
  say('mail-not-before', 'step {name} is not sent before it.', 'ステップ{name}のメールは、ここに至る道では配信されません。'),
  say(
    'loop-without-wait',
    'goes round without a wait ({raw}): put a wait of a minute or more into the loop.',
    '待機のないループです（{raw}）。1分以上の待機を入れてください。',
  ),
  say(
    'loop-too-fast',
    'waits less than a minute in a loop: write at least one wait of a minute or more into the loop.',
    'ループの中の待機が1分未満です。1分以上の待機を1つ以上入れてください。',
  ),
  say(
    'loop-floods',
    'may be over at once, in a loop that sends mail: put a wait of a minute or more into the loop.',
    'メールを配信するループの中で、すぐに終わりえます。1分以上の待機を入れてください。',
  ),
  say(
    'expression',
    'must be an expression, got {value}: write a constant as {raw}.',
    '式を指定してください（現在の値: {value}）。定数は {raw} と書きます。',
  ),
  say(
    'expression',
    '{sentence} Write a constant as {raw} and what the event brought as {raw}.',
    '{sentence}定数は {raw}、イベントの値は {raw} と書きます。',
  ),
  say(
    'operator',
    'what {name} holds cannot be asked: it is a list of instants.',
    '{name}は日時のリストなので、中の値を条件にできません。',
  ),
  say('operator', '{name} is a list of {kind}s and never holds a {kind}.', '{name}は{kind}のリストで、{kind}は入りません。'),
  say('operator', '{raw} is not for a {kind}.', '演算子 {raw} は{kind}には使えません。'),
  say('operator', '{raw} takes no value.', '演算子 {raw} に値は要りません。'),
  say(
    'step-without-scenario',
    'is a step of a scenario: name the scenario too.',
    'シナリオのステップです。シナリオも指定してください。',
  ),
  say('date', 'is not a date such as 2026-01-31.', '日付を 2026-01-31 のように指定してください。'),
  say('reference', '{raw} does not exist.', '{raw} はありません。'),
  say('reference', 'event is no value. Use its fields.', 'event そのものは値ではありません。その項目を使ってください。'),
  say(
    'reference',
    '{raw} belongs to another definition. Here only event.… is known.',
    '{raw} は別の定義のものです。ここで使えるのは event の項目だけです。',
  ),
  say('reference-kind', '{raw} does not fit.', '{raw} は型が合いません。'),
  say('reference-kind', 'the fallback of {raw} must be a {kind} too.', '{raw} の代わりの値も{kind}にしてください。'),
  say('reference-kind', '{raw} is a {kind} and the other a {kind}.', '{raw} は{kind}、比べる相手は{kind}です。'),
  say('reference-kind', '{raw} is a {kind}. Use each(…) or one of its fields.', '{raw} は{kind}です。その項目を使ってください。'),
  say(
    'reference-kind',
    '{raw} is no condition. Use eq(…) or isSet(…).',
    '{raw} は条件ではありません。eq か isSet を使ってください。',
  ),
  say(
    'reference-kind',
    "format {raw} in the template, where the reader's language is known.",
    '{raw} の書式はテンプレートで指定してください。',
  ),
  say(
    'reference-kind',
    "format in the template, where the reader's language is known.",
    '書式はテンプレートで指定してください。',
  ),
  say(
    'reference-kind',
    'expected a reference such as contact.company, got {value}.',
    'event.total のような参照を指定してください（現在の値: {value}）。',
  ),
  say(
    'reference-kind',
    'the second argument is a text, a number, true, false or a reference.',
    '比べる相手はテキスト、数値、true、false、参照のいずれかです。',
  ),
  say(
    'may-be-missing',
    '{raw} can be missing, this cannot. Give it a fallback: or({raw}, …).',
    '{raw} は値がないことがありますが、ここには必要です。or で代わりの値を指定してください。',
  ),
  say(
    'may-be-missing',
    '{raw} can be missing. Use eq(…, true) or or(…, false).',
    '{raw} は値がないことがあります。eq か or を使ってください。',
  ),
  say('range', 'must be {range}, got {value}.', '{range}にしてください（現在の値: {value}）。'),
  say('choice', 'must be {choice}, got {value}.', '{choice}を指定してください（現在の値: {value}）。'),
  say('kind', 'must be {expected}, got {value}.', '{expected}を指定してください（現在の値: {value}）。'),
  say('kind', 'is no text, number or boolean that a list can hold.', 'リストに入るのはテキスト、数値、true、false だけです。'),
  say('kind', 'fits none of the possible forms, got {value}.', '指定できる形ではありません（現在の値: {value}）。'),
  say('missing', 'is missing: it must be {range}.', '値がありません。{range}にしてください。'),
  say('missing', 'is missing: it must be {choice}.', '値がありません。{choice}を指定してください。'),
  say('missing', 'is missing: it must be {expected}.', '値がありません。{expected}を指定してください。'),
  say('missing', 'is missing.', '値がありません。'),
  say('missing', 'is required.', '必須です。'),
] as const

/** Stable; `unfit` is what a schema of the app says in words of its own. */
export type DefinitionProblemCode = (typeof problemSentences)[number]['code'] | 'unfit'
