/** English that was left in a Japanese sentence: two words in a row outside of quotes, where names and values of the user stand. */
export const englishIn = (text: string): readonly string[] =>
  text.replaceAll(/「[^」]*」|"(?:[^"\\]|\\.)*"/g, '・').match(/[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,})+/g) ?? []

/** Whether a sentence is Japanese: it has kana, and no English. */
export const isJapanese = (text: string): boolean => /\p{Script=Hiragana}/u.test(text) && englishIn(text).length === 0
