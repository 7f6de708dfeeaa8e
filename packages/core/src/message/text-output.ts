/** Collects what is written. A mail is collected as text and copied into bytes once: short-lived memory that costs no collection. */
export class TextOutput {
  text = ''

  write(text: string): void {
    this.text += text
  }
}
