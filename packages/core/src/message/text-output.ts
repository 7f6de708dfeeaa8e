/**
 * Collects what is written. A mail is joined as text, of flat pieces, and copied into bytes once: for V8 that is cheaper than
 * writing into bytes, because the memory of short-lived text is what makes it give back the memory of bytes early.
 */
export class TextOutput {
  readonly #pieces: string[] = []

  write(text: string): void {
    this.#pieces.push(text)
  }

  get text(): string {
    return this.#pieces.join('')
  }
}
