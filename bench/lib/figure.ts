/** A measured comparison. `ratio` is ours ÷ baseline where more is better, baseline ÷ ours where less is. */
export interface Figure {
  readonly name: string
  readonly ratio: number
  /** Which of `ours` and `baseline` is the better one. */
  readonly better: 'higher' | 'lower'
  readonly ours: number
  readonly baseline: number
  readonly unit: string
  /** What else was seen: bytes, counts. */
  readonly extra?: { readonly [name: string]: number | string }
}

/** Ratio to three digits, the rest as a reader wants it. */
export const figureOf = (figure: Omit<Figure, 'ratio'>): Figure => {
  const ratio = figure.better === 'higher' ? figure.ours / figure.baseline : figure.baseline / figure.ours
  return { ...figure, ratio: Math.round(ratio * 1000) / 1000 }
}

/** One JSON line on stdout. */
export const printFigure = ({ name, ratio, better, ours, baseline, unit, extra }: Figure): void => {
  console.log(JSON.stringify({ name, ratio, better, ours: round(ours), baseline: round(baseline), unit, ...extra }))
}

const round = (value: number): number => (value >= 100 ? Math.round(value) : Math.round(value * 100) / 100)

/** Progress and details, on stderr. */
export const note = (text: string): void => console.error(text)
