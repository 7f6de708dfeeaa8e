import { TobiishiError } from '../errors/index.ts'

/** The undo log of the one open transaction. Every change of a table passes through `record`. */
export class Journal {
  #undo: (() => void)[] | null = null

  /** Refuses to open a second transaction inside the first: work must not call the storage it runs on. */
  begin(): void {
    if (this.#undo !== null) {
      throw new TobiishiError('storage.failed', 'Work of a transaction started another one. Use the `tx` it was given instead.')
    }
    this.#undo = []
  }

  record(undo: () => void): void {
    if (this.#undo === null) throw new TobiishiError('storage.failed', 'A row was written outside a transaction.')
    this.#undo.push(undo)
  }

  commit(): void {
    this.#undo = null
  }

  rollback(): void {
    const undo = this.#undo ?? []
    this.#undo = null
    for (const step of undo.reverse()) step()
  }
}
